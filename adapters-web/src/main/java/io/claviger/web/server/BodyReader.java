package io.claviger.web.server;

import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body up to its size limit. Every array that the body passes through is wiped.
 */
final class BodyReader {
  /**
   * The most bytes of an unwanted body that are read, so that the caller gets to read the answer.
   */
  private static final long MOST_DISCARDED = 32L * 1_048_576;

  private static final int CHUNK = 16_384;

  private BodyReader() {}

  /** Makes something of the bytes of a body, and wipes them. */
  private interface Parser<T> {
    T parse(byte[] bytes, int length);
  }

  static Body read(HttpServletRequest request) {
    MediaType.demandJson(request);
    return read(request, Body.LARGEST, Body::of);
  }

  static Form readForm(HttpServletRequest request) {
    MediaType.demandForm(request);
    return read(request, Form.LARGEST, Form::of);
  }

  private static <T> T read(HttpServletRequest request, int largest, Parser<T> parser) {
    demandNotTooLarge(request, largest);
    try {
      return read(request.getInputStream(), request.getContentLengthLong(), largest, parser);
    } catch (IOException e) {
      throw incomplete();
    }
  }

  /** Reads a body that must be absent, with any content type, or an empty object. */
  static void readEmpty(HttpServletRequest request) {
    Optional<Boolean> unused =
        readOptional(
            request,
            fields -> {
              fields.rejectUnread();
              return true;
            });
  }

  /**
   * Reads a body that may be absent, with any content type.
   *
   * @param read reads the fields of a body that is there
   */
  static <T> Optional<T> readOptional(HttpServletRequest request, Function<JsonObject, T> read) {
    demandNotTooLarge(request, Body.LARGEST);
    try {
      PushbackInputStream in = new PushbackInputStream(request.getInputStream());
      int first = in.read();
      if (first < 0) {
        return Optional.empty();
      }
      in.unread(first);
      MediaType.demandJson(request);
      try (Body body = read(in, request.getContentLengthLong(), Body.LARGEST, Body::of)) {
        return Optional.of(read.apply(body.fields()));
      }
    } catch (IOException e) {
      throw incomplete();
    }
  }

  /**
   * Reads and discards the rest of a body. If the connection were closed while the caller still
   * sends, the answer would be lost.
   */
  static void discard(HttpServletRequest request) {
    if (expectsContinue(request.getHeader("Expect"))) {
      return;
    }
    byte[] waste = new byte[CHUNK];
    try {
      InputStream in = request.getInputStream();
      long left = MOST_DISCARDED;
      int size;
      while (left > 0 && (size = in.read(waste)) >= 0) {
        left -= size;
      }
    } catch (IOException e) {
      // The caller is gone or has sent an invalid body. Either way there is nothing more to read.
    } finally {
      Arrays.fill(waste, (byte) 0);
    }
  }

  private static <T> T read(InputStream in, long announced, int largest, Parser<T> parser)
      throws IOException {
    byte[] bytes = new byte[announced >= 0 ? (int) announced + 1 : CHUNK];
    try {
      int length = 0;
      int size;
      while ((size = in.read(bytes, length, bytes.length - length)) >= 0) {
        length += size;
        if (length > largest) {
          throw tooLarge(largest);
        }
        if (length == bytes.length) {
          byte[] larger = Arrays.copyOf(bytes, 2 * length);
          Arrays.fill(bytes, (byte) 0);
          bytes = larger;
        }
      }
      return parser.parse(bytes, length);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static boolean expectsContinue(@Nullable String expect) {
    return expect != null && expect.equalsIgnoreCase("100-continue");
  }

  /**
   * Checks the announced length before the stream is opened. Opening it would tell a caller who
   * waits for {@code 100 Continue} to send the whole body.
   */
  private static void demandNotTooLarge(HttpServletRequest request, int largest) {
    if (request.getContentLengthLong() > largest) {
      throw tooLarge(largest);
    }
  }

  private static ProblemException incomplete() {
    return new ProblemException(
        new Problem(400, "incomplete_body", "The body ended, or stopped, before it was whole."));
  }

  private static ProblemException tooLarge(int largest) {
    return new ProblemException(
        new Problem(413, "content_too_large", "A body has at most " + largest + " bytes here."));
  }
}
