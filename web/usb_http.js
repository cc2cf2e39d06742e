// HTTP/1.1 requests on channels of a Link: one request a channel.

const PATIENCE = 10000;  // ms for a device that restarts, or is busy with other requests
const LINE = /\r\n/;

class Reader {
  constructor(channel) {
    this.channel = channel;
    this.held = new Uint8Array(0);
  }

  async more() {
    const data = await this.channel.receive();
    if (!data) return false;
    const joined = new Uint8Array(this.held.length + data.length);
    joined.set(this.held);
    joined.set(data, this.held.length);
    this.held = joined;
    return true;
  }

  take(count) {
    const data = this.held.slice(0, count);
    this.held = this.held.slice(count);
    return data;
  }

  // The text up to the mark, which is taken off, too.
  async until(mark) {
    for (;;) {
      const text = Array.from(this.held, (byte) => String.fromCharCode(byte)).join("");
      const at = text.indexOf(mark);
      if (at >= 0) {
        this.take(at + mark.length);
        return text.slice(0, at);
      }
      if (!await this.more()) throw new Error("the device has closed the connection");
    }
  }

  // Up to count bytes, null at the end of the connection.
  async some(count) {
    if (!this.held.length && !await this.more()) return null;
    return this.take(count);
  }
}

async function* pieces(reader, length) {
  while (length > 0) {
    const piece = await reader.some(length);
    if (!piece) {
      if (length === Infinity) return;
      throw new Error("the answer was cut off");
    }
    length -= piece.length;
    yield piece;
  }
}

async function* chunks(reader) {
  for (;;) {
    const size = parseInt(await reader.until("\r\n"), 16);
    if (!(size >= 0)) throw new Error("a malformed answer");
    if (size === 0) return;
    yield* pieces(reader, size);
    await reader.until("\r\n");
  }
}

// {status, reason, headers: [[name, value]], body: an async iterator of Uint8Arrays, close()}.
// request: {method, path, headers: [[name, value]], body: Uint8Array or null}
export async function ask(link, request) {
  const channel = await link.open(PATIENCE);
  try {
    const {method, path, headers, body} = request;
    let head = `${method} ${path} HTTP/1.1\r\nConnection: close\r\n`;
    for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
    if (body) head += `Content-Length: ${body.length}\r\n`;
    channel.send(Uint8Array.from(head + "\r\n", (letter) => letter.charCodeAt(0) & 255));
    if (body) channel.send(body);
    const reader = new Reader(channel);
    let lines, status;
    do {
      lines = (await reader.until("\r\n\r\n")).split(LINE);
      status = Number(lines[0].split(" ")[1]);
    } while (status >= 100 && status < 200);
    const answered = lines.slice(1).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    const value = (name) => answered.find((one) => one[0].toLowerCase() === name)?.[1];
    let found;
    if (method === "HEAD" || status === 204 || status === 304) found = pieces(reader, 0);
    else if (/chunked/i.test(value("transfer-encoding") ?? "")) found = chunks(reader);
    else found = pieces(reader, value("content-length") ? Number(value("content-length")) : Infinity);
    const reason = lines[0].split(" ").slice(2).join(" ");
    return {status, reason, headers: answered, body: found, close: () => channel.close()};
  } catch (error) {
    channel.close();
    throw error;
  }
}
