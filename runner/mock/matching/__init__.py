"""Which example answers a call: paths, parameters and bodies compared, scores, and why the winner won."""
