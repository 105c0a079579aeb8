package io.claviger.web.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.web.json.JsonWriter;
import io.claviger.web.problems.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A problem in the form that callers of {@code /scim} understand (RFC 7644, 3.12).
 *
 * @param status the status of HTTP
 * @param type one of the words of SCIM for what is wrong, if one fits
 */
record ScimError(int status, Optional<String> type, String detail) {
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

  /** Whether errors on a path have this form. */
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
      @JsonProperty("scimType") @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> type,
      String detail,
      String status) {}
}
