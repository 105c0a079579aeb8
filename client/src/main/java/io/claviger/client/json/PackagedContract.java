package io.claviger.client.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** The API's contract that this program was built with. */
public final class PackagedContract {
  private static final String WAYS = "x-ways: ";

  private PackagedContract() {}

  /** Returns the whole contract, in YAML. */
  public static String text() {
    try (InputStream in =
        PackagedContract.class.getResourceAsStream("/io/claviger/client/contract.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the ways in which a service can authenticate to its provider. The build writes them in
   * JSON, because reading them as YAML would take several tenths of a second.
   */
  public static JsonNode credentialWays() {
    String contract = text();
    int begin = contract.indexOf(WAYS) + WAYS.length();
    return JsonTrees.read(
        contract
            .substring(begin, contract.indexOf("]\n", begin) + 1)
            .getBytes(StandardCharsets.UTF_8));
  }
}
