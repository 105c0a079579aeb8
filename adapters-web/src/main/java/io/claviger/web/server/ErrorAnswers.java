package io.claviger.web.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.application.shared.Refusal;
import io.claviger.web.json.JsonWriter;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests whose handlers throw an exception. The answer is a problem document (RFC 9457).
 */
final class ErrorAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

  private final Routes routes;

  ErrorAnswers(Routes routes) {
    this.routes = routes;
  }

  void register(RoutesConfig config) {
    config.exception(Exception.class, this::answer);
  }

  private void answer(Throwable thrown, Context ctx) {
    String id = ApiCall.requestId(ctx);
    Problem problem = note(thrown, id);
    // The request stops counting as a concurrent request before the rest of its body is read and
    // discarded, because this rest might arrive slowly.
    Completion.of(ctx).over();
    BodyReader.discard(ctx.req());
    problem.headers().forEach(ctx::header);
    if (ScimError.isOn(ctx.path())) {
      ScimError error = ScimError.of(problem);
      ctx.status(error.status()).contentType(ScimError.MEDIA_TYPE).result(error.json());
      return;
    }
    if (problem.waiting().isPresent()) {
      ctx.status(problem.status())
          .contentType("application/json")
          .result(JsonWriter.bytes(new Pending(problem.waiting().get())));
      return;
    }
    Optional<String> requestUrl = problem.missing().flatMap(routes.requestLinks()::to);
    ctx.status(problem.status())
        .contentType(Problem.MEDIA_TYPE)
        .result(problem.json(id, requestUrl));
  }

  /** The body of the answer to a requested change that waits for the consent of other users. */
  private record Pending(Refusal.Waiting pending) {}

  /**
   * Returns the problem that answers an exception. An unexpected exception is also written to the
   * log.
   */
  static Problem note(Throwable thrown, String requestId) {
    return Problems.of(thrown).orElseGet(() -> unforeseen(thrown, requestId));
  }

  /**
   * Answers errors that Javalin does not pass to a handler, such as a stack overflow or a lack of
   * memory.
   */
  static void answerError(HttpServletResponse response, Error error) {
    String id = String.valueOf(response.getHeader(RequestId.HEADER));
    Problem problem = unforeseen(error, id);
    try {
      response.setStatus(problem.status());
      response.setContentType(Problem.MEDIA_TYPE);
      response.getOutputStream().write(problem.json(id));
    } catch (IOException e) {
      LOG.debug("The caller closed the connection before the error could be sent");
    }
  }

  /**
   * Logs only the type of an unexpected exception and the place where it was thrown. The message
   * might repeat parts of the request.
   */
  private static Problem unforeseen(Throwable thrown, String requestId) {
    LOG.error("Request {} failed unexpectedly", requestId, new RedactedException(thrown));
    return Problems.unexpected();
  }

  /**
   * The stack trace of an exception without any messages. The messages of the exception and its
   * causes might repeat parts of a request.
   */
  private static final class RedactedException extends RuntimeException {
    RedactedException(Throwable thrown) {
      super(thrown.getClass().getName(), cause(thrown.getCause()), false, true);
      setStackTrace(thrown.getStackTrace());
    }

    private static @Nullable RedactedException cause(@Nullable Throwable cause) {
      return cause == null ? null : new RedactedException(cause);
    }
  }

  /**
   * A problem in SCIM's form, for callers of {@code /scim} (RFC 7644, 3.12).
   *
   * @param status the HTTP status
   * @param type one of SCIM's error codes; empty if none fits
   */
  private record ScimError(int status, Optional<String> type, String detail) {
    static final String MEDIA_TYPE = "application/scim+json";

    private static final Set<String> TYPES =
        Set.of(
            "invalidFilter",
            "invalidPath",
            "invalidSyntax",
            "invalidValue",
            "mutability",
            "noTarget",
            "tooMany",
            "uniqueness");

    /** Whether errors on this path are answered in SCIM's form. */
    static boolean isOn(String path) {
      return path.equals("/scim") || path.startsWith("/scim/");
    }

    static ScimError of(Problem problem) {
      if (TYPES.contains(problem.code())) {
        int status = problem.code().equals("uniqueness") ? 409 : 400;
        return new ScimError(status, Optional.of(problem.code()), problem.detail());
      }
      return switch (problem.status()) {
        case 400 -> new ScimError(400, Optional.of("invalidSyntax"), problem.detail());
        case 422 -> new ScimError(400, Optional.of("invalidValue"), problem.detail());
        case 409 ->
            new ScimError(
                409,
                problem.code().startsWith("handle_") ? Optional.of("uniqueness") : Optional.empty(),
                problem.detail());
        default -> new ScimError(problem.status(), Optional.empty(), problem.detail());
      };
    }

    byte[] json() {
      return JsonWriter.bytes(
          new Wire(
              List.of("urn:ietf:params:scim:api:messages:2.0:Error"),
              type,
              detail,
              String.valueOf(status)));
    }

    private record Wire(
        List<String> schemas,
        @JsonProperty("scimType") @JsonInclude(JsonInclude.Include.NON_ABSENT)
            Optional<String> type,
        String detail,
        String status) {}
  }
}
