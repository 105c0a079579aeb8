package io.claviger.web.server;

import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import org.eclipse.jetty.io.EofException;

/**
 * A file of any length, read as a stream of its parts. Each part is requested after the previous
 * parts were sent. If a part can't be created, the connection is closed, because a normal end would
 * make the file look complete.
 */
final class FileParts extends InputStream {
  private final Context ctx;
  private final Iterator<byte[]> parts;
  private InputStream part;

  private FileParts(Context ctx, Iterator<byte[]> parts, byte[] first) {
    this.ctx = ctx;
    this.parts = parts;
    this.part = new ByteArrayInputStream(first);
  }

  /**
   * Creates the first part immediately. If creating this part is refused, the caller gets the
   * refusal instead of a file.
   *
   * @param parts the parts of the file, at least one
   */
  static FileParts of(Context ctx, Iterator<byte[]> parts) {
    return new FileParts(ctx, parts, parts.next());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Completion.of(ctx).callerWaits();
    int count = part.read(bytes, offset, length);
    while (count < 0 && parts.hasNext()) {
      part = new ByteArrayInputStream(next());
      count = part.read(bytes, offset, length);
    }
    Completion.of(ctx).waitsForCaller();
    return count;
  }

  private byte[] next() throws IOException {
    try {
      return parts.next();
    } catch (RuntimeException e) {
      ErrorAnswers.note(e, ApiCall.requestId(ctx));
      Completion.of(ctx).abort();
      throw new EofException(e);
    }
  }
}
