package io.claviger.client.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The service or model to which the calls of a program go.
 *
 * @param service the one service that they call; empty if the model's name decides
 * @param standard the API standard of that service
 * @param model the model to prefer, if one was named
 */
record CallRoute(
    SdkFormat format,
    Optional<String> standard,
    String baseUrl,
    Optional<String> service,
    Optional<String> model) {
  private static final String AZURE = "azure-openai";

  /** Returns the environment variables for the program. */
  Map<String, String> variables(String token) {
    if (standard.equals(Optional.of(AZURE))) {
      Map<String, String> variables = new LinkedHashMap<>();
      variables.put("AZURE_OPENAI_ENDPOINT", baseUrl);
      variables.put("AZURE_OPENAI_API_KEY", token);
      return variables;
    }
    return format.variables(baseUrl, token, model);
  }
}
