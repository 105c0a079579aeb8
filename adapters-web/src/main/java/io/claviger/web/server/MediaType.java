package io.claviger.web.server;

import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the declared format of a body: uncompressed JSON in UTF-8, for PATCH also a merge patch,
 * or a form.
 */
final class MediaType {
  private MediaType() {}

  static void demandJson(HttpServletRequest request) {
    boolean patch = request.getMethod().equals("PATCH");
    if (!isJson(request.getContentType(), patch)) {
      throw unsupported(
          patch
              ? "Send application/merge-patch+json or application/json, in UTF-8."
              : "Send application/json, in UTF-8.");
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
