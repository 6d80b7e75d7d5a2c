// Timers in the order in which they are due.

// Timers by number, and a heap by due time; a cleared timer stays in the heap until it reaches the top.
export class Timers {
  #byId = new Map();
  #heap = [];
  #count = 0;
  holding = 0;

  get size() {
    return this.#byId.size;
  }

  add(timer) {
    this.#byId.set(timer.id, timer);
    if (timer.holds) this.holding += 1;
    this.#schedule(timer);
  }

  renew(timer, due) {
    timer.due = due;
    this.#schedule(timer);
  }

  has(timer) {
    return this.#byId.get(timer.id) === timer;
  }

  delete(id) {
    const timer = this.#byId.get(id);
    if (timer === undefined) return;
    this.#byId.delete(id);
    if (timer.holds) this.holding -= 1;
  }

  // The due time of the first timer; null if there are none.
  get due() {
    while (this.#heap.length && !this.#stands(this.#heap[0])) this.#pop();
    return this.#heap.length ? this.#heap[0].due : null;
  }

  // Removes and returns the timers due at this time, the latest first.
  takeDue(time) {
    const taken = [];
    while (this.due !== null && this.due <= time) taken.push(this.#pop().timer);
    return taken.reverse();
  }

  clear() {
    this.#byId.clear();
    this.#heap = [];
    this.holding = 0;
  }

  #schedule(timer) {
    if (this.#heap.length > 2 * this.#byId.size + 100) this.#heap = this.#heap.filter((entry) => this.#stands(entry)).sort(earlier);
    this.#push({ due: timer.due, place: ++this.#count, timer });
  }

  #stands({ due, timer }) {
    return timer.due === due && this.has(timer);
  }

  #push(entry) {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (earlier(heap[above], entry) <= 0) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = entry;
  }

  #pop() {
    const heap = this.#heap;
    const [first] = heap;
    const entry = heap.pop();
    for (let at = 0; heap.length;) {
      let below = 2 * at + 1;
      if (below + 1 < heap.length && earlier(heap[below + 1], heap[below]) < 0) below += 1;
      if (below >= heap.length || earlier(entry, heap[below]) <= 0) {
        heap[at] = entry;
        break;
      }
      heap[at] = heap[below];
      at = below;
    }
    return first;
  }
}

function earlier(a, b) {
  return a.due - b.due || a.place - b.place;
}
