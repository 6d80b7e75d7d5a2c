// The URL class on top of the parser.

class URL {
  #parts;
  #params;

  constructor(text, base = undefined) {
    if (!arguments.length) throw Object.assign(new TypeError('The "url" argument must be specified'), { code: 'ERR_MISSING_ARGS' });
    const from = base === undefined ? undefined : new URL(base).#parts;
    this.#set(readUrl(String(text), from), String(text));
    this.#params = boundParams(this.#parts.search, () => {
      const query = this.#params.toString();
      this.#parts.search = query ? `?${query}` : '';
    });
  }

  #set({ protocol, login, host, path, search, hash }, text) {
    const [, name = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(host || '') || [];
    if (port && (!/^\d+$/.test(port) || Number(port) > 65535)) throw invalidUrl(text);
    const special = protocol in SPECIAL;
    this.#parts = {
      protocol,
      login: login.split(/:(.*)/s).slice(0, 2).map((part) => percent(part, ENCODE_LOGIN)).join(':'),
      host: host === null ? null : (special && protocol !== 'file:' ? hostName(name, protocol, text) : name)
        + (port && String(Number(port)) !== SPECIAL[protocol] ? `:${Number(port)}` : ''),
      path: host === null ? path : percent(path || special ? straightPath(path) : '', ENCODE_PATH),
      search: search.length > 1 ? percent(search, special ? /[\x00-\x20"#<>'\x7f-\u{10ffff}]/gu : ENCODE_QUERY) : '',
      hash: hash.length > 1 ? percent(hash, ENCODE_HASH) : '',
    };
  }

  #change(changes) {
    this.#set({ ...this.#parts, ...changes }, this.href);
    this.#params = boundParams(this.#parts.search, () => {
      const query = this.#params.toString();
      this.#parts.search = query ? `?${query}` : '';
    });
  }

  get href() {
    const { protocol, login, host, path, search, hash } = this.#parts;
    return protocol + (host === null ? '' : `//${login ? `${login}@` : ''}${host}`) + path + search + hash;
  }

  set href(text) {
    this.#change(readUrl(String(text)));
  }

  get origin() {
    const { protocol, host } = this.#parts;
    return protocol in SPECIAL && protocol !== 'file:' ? `${protocol}//${host}` : 'null';
  }

  get protocol() {
    return this.#parts.protocol;
  }

  set protocol(text) {
    this.#change({ protocol: `${String(text).replace(/:.*$/s, '').toLowerCase()}:` });
  }

  get username() {
    return this.#parts.login.split(':')[0];
  }

  set username(text) {
    this.#change({ login: [text, ...this.#parts.login.split(':').slice(1)].join(':') });
  }

  get password() {
    return this.#parts.login.split(/:(.*)/s)[1] || '';
  }

  set password(text) {
    this.#change({ login: `${this.username}:${text}` });
  }

  get host() {
    return this.#parts.host || '';
  }

  set host(text) {
    this.#change({ host: String(text) });
  }

  get hostname() {
    return this.host.replace(/:\d+$/, '');
  }

  set hostname(text) {
    this.#change({ host: `${text}${this.port ? `:${this.port}` : ''}` });
  }

  get port() {
    return (/:(\d+)$/.exec(this.host) || [])[1] || '';
  }

  set port(text) {
    this.#change({ host: `${this.hostname}${text === '' ? '' : `:${text}`}` });
  }

  get pathname() {
    return this.#parts.path;
  }

  set pathname(text) {
    this.#change({ path: percent(String(text), /[?#]/g) });
  }

  get search() {
    return this.#parts.search;
  }

  set search(text) {
    this.#change({ search: text ? `?${String(text).replace(/^\?/, '').replace(/#/g, '%23')}` : '' });
  }

  get searchParams() {
    return this.#params;
  }

  get hash() {
    return this.#parts.hash;
  }

  set hash(text) {
    this.#change({ hash: text ? `#${String(text).replace(/^#/, '')}` : '' });
  }

  toString() {
    return this.href;
  }

  toJSON() {
    return this.href;
  }

  static canParse(text, base) {
    try {
      return Boolean(new URL(text, base));
    } catch {
      return false;
    }
  }
  static parse(text, base) {
    return URL.canParse(text, base) ? new URL(text, base) : null;
  }
}

webClass(URL);
webClass(URLSearchParams);
