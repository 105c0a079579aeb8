package io.claviger.client.instances;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.json.PackagedContract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A way in which a service can authenticate to its provider, as the API's contract describes it.
 * Only the server checks the values of the settings.
 *
 * @param text the way as users write it, such as {@code oauth_client} or {@code federated-aws}: the
 *     API's kind of credential, and for a federation who exchanges the statements
 * @param words what users read about the way
 * @param secrets the form of each field that can contain the secret, keyed by the API's name of the
 *     field; empty if there is no secret
 */
public record CredentialWay(
    String text, String words, List<Setting> settings, Map<String, String> secrets) {
  private static final String API_KEY = "api_key";
  private static final String NONE = "none";
  private static final String INTRODUCTION =
      "The ways in which a provider can know a service (--credential):";

  public CredentialWay {
    settings = List.copyOf(settings);
  }

  /**
   * A setting of a credential.
   *
   * @param name the name of the setting in the API
   * @param required whether users must state the setting
   * @param help a line that explains a required setting to people
   */
  public record Setting(String name, boolean required, String help) {
    private static Stream<Setting> all(JsonNode settings, boolean required) {
      return texts(settings).entrySet().stream()
          .map(each -> new Setting(each.getKey(), required, each.getValue()));
    }
  }

  /** All ways. They are read only when they are needed, so that other commands start faster. */
  private static final class Packaged {
    static final List<CredentialWay> WAYS = read();
  }

  private static List<CredentialWay> read() {
    return PackagedContract.credentialWays()
        .valueStream()
        .map(
            way ->
                new CredentialWay(
                    JsonTrees.text(way, "name"),
                    JsonTrees.text(way, "words"),
                    Stream.concat(
                            Setting.all(way.path("required"), true),
                            Setting.all(way.path("optional"), false))
                        .toList(),
                    texts(way.path("secrets"))))
        .toList();
  }

  /** Returns the members of an object whose values are texts, in their order. */
  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asString()));
    return texts;
  }

  /**
   * @throws ClientFault if there is no way with the given name; the message lists all ways
   */
  static CredentialWay of(String text) {
    return Packaged.WAYS.stream()
        .filter(way -> way.text().equals(text.strip()))
        .findAny()
        .orElseThrow(() -> ClientFault.of(INTRODUCTION, lines().toArray(String[]::new)));
  }

  /** Returns the way of services that authenticate with a key, as most services do. */
  static CredentialWay usual() {
    return of(API_KEY);
  }

  /**
   * Returns the API's field for the secret of a kind of credential; empty if the kind has no secret
   * or is unknown to this program.
   */
  public static Optional<String> secretOf(String kind) {
    return Packaged.WAYS.stream()
        .filter(way -> way.kind().equals(kind) && way.hasSecret())
        .map(way -> way.secretField(""))
        .findAny();
  }

  /** Returns a line for each way, after a line that says what is listed. */
  static List<String> list() {
    return Stream.concat(Stream.of(INTRODUCTION), lines().map(line -> "  " + line)).toList();
  }

  private static Stream<String> lines() {
    return Packaged.WAYS.stream().map(way -> way.text + ": " + way.words);
  }

  /** Returns the API's name for the kind of credential. */
  String kind() {
    return isFederated() ? text.substring(0, text.indexOf('-')) : text;
  }

  boolean isFederated() {
    return text.indexOf('-') >= 0;
  }

  boolean isUsual() {
    return text.equals(API_KEY);
  }

  /** Whether calls send a token that is obtained with the credential. */
  boolean isMinted() {
    return !isUsual() && !text.equals(NONE);
  }

  /**
   * The provider that exchanges signed statements for tokens; empty if this way needs no
   * statements.
   */
  String provider() {
    return isFederated() ? text.substring(text.indexOf('-') + 1) : "";
  }

  boolean hasSecret() {
    return !secrets.isEmpty();
  }

  /** Whether the secret can be the content of a file, which can have several lines. */
  boolean isFile() {
    return secrets.values().stream().anyMatch(form -> !form.equals("text"));
  }

  /**
   * Returns the API's field for the given secret. There can be a separate field for a private key
   * in PEM form.
   */
  String secretField(String secret) {
    String form = secret.contains("-----BEGIN") ? "pem" : "";
    return secrets.entrySet().stream()
        .filter(each -> each.getValue().equals(form))
        .findFirst()
        .orElseGet(() -> secrets.entrySet().iterator().next())
        .getKey();
  }
}
