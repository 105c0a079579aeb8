package io.claviger.web.server;

import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body up to the size limit, and parses it. Every array that contained a part of
 * the body is wiped.
 */
final class BodyReader {
  /**
   * The maximum number of bytes that are read from an unwanted body and discarded. These bytes are
   * read because most callers read the answer only after they have sent the whole body.
   */
  private static final long MOST_DISCARDED = 32L * 1_048_576;

  private static final int CHUNK = 16_384;

  private BodyReader() {}

  /**
   * Reads a body part by part while it arrives. The body's memory is at most twice as large as the
   * part that has arrived.
   *
   * @param largest the maximum number of bytes in the body
   * @param arrival the object that counts the memory of the body
   * @throws ProblemException if the body is too large or incomplete, or if there is no room for it
   *     in memory
   */
  static ReceivedBody receive(
      HttpServletRequest request, int largest, ArrivingBodies.Arrival<?> arrival) {
    long announced = request.getContentLengthLong();
    // The size is checked before the stream is opened: if the caller waits for 100 Continue,
    // opening the stream makes the server ask for the whole body.
    if (announced > largest) {
      throw tooLarge(largest);
    }
    if (announced == 0) {
      return ReceivedBody.none();
    }
    try {
      return receive(request.getInputStream(), announced, largest, arrival);
    } catch (IOException e) {
      throw incomplete();
    }
  }

  static Body json(HttpServletRequest request, ReceivedBody body) {
    MediaType.demandJson(request);
    return body.take(Body::of);
  }

  static Form form(HttpServletRequest request, ReceivedBody body) {
    MediaType.demandForm(request);
    return body.take(Form::of);
  }

  /** Parses a body that must be absent (with any content type) or an empty object. */
  static void demandEmpty(HttpServletRequest request, ReceivedBody body) {
    Optional<Boolean> unused =
        optionalJson(
            request,
            body,
            fields -> {
              fields.rejectUnread();
              return true;
            });
  }

  /**
   * Parses a body that is allowed to be absent. Without a body, the request may have any content
   * type.
   *
   * @param read a function that reads the fields of the body; it is called only if there is a body
   */
  static <T> Optional<T> optionalJson(
      HttpServletRequest request, ReceivedBody body, Function<JsonObject, T> read) {
    if (body.isEmpty()) {
      return Optional.empty();
    }
    try (Body json = json(request, body)) {
      return Optional.of(read.apply(json.fields()));
    }
  }

  /**
   * Reads and discards the rest of a body. If the connection were closed while the caller is still
   * sending, the answer would be lost.
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
      // The caller is gone or has sent an invalid body. In both cases, there is nothing more to
      // read.
    } finally {
      Arrays.fill(waste, (byte) 0);
    }
  }

  private static ReceivedBody receive(
      InputStream in, long announced, int largest, ArrivingBodies.Arrival<?> arrival)
      throws IOException {
    int whole = announced >= 0 ? (int) announced + 1 : largest + 1;
    byte[] bytes = new byte[Math.min(whole, arrival.free())];
    try {
      int length = 0;
      int size;
      while ((size = in.read(bytes, length, bytes.length - length)) >= 0) {
        length += size;
        if (length > largest) {
          throw tooLarge(largest);
        }
        if (length == bytes.length) {
          bytes = larger(bytes, Math.min(whole, 2 * length), arrival);
        }
      }
      ReceivedBody body = new ReceivedBody(bytes, length);
      bytes = new byte[0];
      return body;
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] larger(byte[] bytes, int size, ArrivingBodies.Arrival<?> arrival) {
    arrival.grow(size);
    byte[] larger = Arrays.copyOf(bytes, size);
    Arrays.fill(bytes, (byte) 0);
    return larger;
  }

  private static boolean expectsContinue(@Nullable String expect) {
    return expect != null && expect.equalsIgnoreCase("100-continue");
  }

  private static ProblemException incomplete() {
    return new ProblemException(
        new Problem(400, "incomplete_body", "The body ended or stopped before it was complete."));
  }

  private static ProblemException tooLarge(int largest) {
    return new ProblemException(
        new Problem(413, "content_too_large", "A body has at most " + largest + " bytes here."));
  }

  /**
   * Checks the body's stated format. The format must be uncompressed JSON in UTF-8, a merge patch
   * for {@code PATCH}, or a form.
   */
  private static final class MediaType {
    private MediaType() {}

    static void demandJson(HttpServletRequest request) {
      boolean patch = request.getMethod().equals("PATCH");
      if (!isJson(request.getContentType(), patch)) {
        throw unsupported(
            patch
                ? "Send JSON in UTF-8, with the header Content-Type: application/merge-patch+json or"
                    + " application/json."
                : "Send JSON in UTF-8, with the header Content-Type: application/json.");
      }
      demandUncompressed(request);
    }

    static void demandForm(HttpServletRequest request) {
      if (!isInUtf8(request.getContentType(), Set.of("application/x-www-form-urlencoded"))) {
        throw unsupported("Send application/x-www-form-urlencoded, in UTF-8.");
      }
      demandUncompressed(request);
    }

    private static void demandUncompressed(HttpServletRequest request) {
      String coding = request.getHeader("Content-Encoding");
      if (coding != null && !coding.equalsIgnoreCase("identity")) {
        throw unsupported("Send the body without a Content-Encoding.");
      }
    }

    private static boolean isJson(@Nullable String contentType, boolean patch) {
      return isInUtf8(
          contentType,
          patch
              ? Set.of("application/json", "application/merge-patch+json")
              : Set.of("application/json"));
    }

    private static boolean isInUtf8(@Nullable String contentType, Set<String> types) {
      if (contentType == null) {
        return false;
      }
      String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
      return types.contains(parts[0].strip())
          && charset(parts).filter(c -> !c.equals("utf-8")).isEmpty();
    }

    private static Optional<String> charset(String[] parts) {
      for (int i = 1; i < parts.length; i++) {
        String parameter = parts[i].strip();
        if (parameter.startsWith("charset=")) {
          return Optional.of(parameter.substring("charset=".length()).replace("\"", "").strip());
        }
      }
      return Optional.empty();
    }

    private static ProblemException unsupported(String detail) {
      return new ProblemException(new Problem(415, "unsupported_media_type", detail));
    }
  }
}
