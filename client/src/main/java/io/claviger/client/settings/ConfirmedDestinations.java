package io.claviger.client.settings;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import java.io.IOException;
import java.net.IDN;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The endpoints to which this user has agreed to send keys. For each service of a server, the user
 * has agreed to one endpoint with the token URLs of the service. Other users who may configure a
 * service can change the endpoint that the server states for it. So the server's statement alone is
 * not enough.
 */
public final class ConfirmedDestinations {
  private static final String FILE = "destinations.json";
  private static final Pattern WITH_HOST =
      Pattern.compile(
          "(?<scheme>https?://)(?<host>[^/?#@:\\[\\]\\\\\\s]+)(?<rest>.*)", CASE_INSENSITIVE);

  private final Path file;
  private final String server;

  ConfirmedDestinations(Path directory, URI server) {
    this.file = directory.resolve(FILE);
    this.server = server.toString();
  }

  /**
   * Whether a service's keys may be sent to an endpoint and to further addresses. The user must
   * have agreed to this endpoint and all these addresses at the same time.
   *
   * @param service the full reference of the service, with its owner
   * @param endpoint the endpoint and the further addresses, as one text from {@link #of}
   */
  public boolean contain(String service, String endpoint) {
    List<String> asked = parts(endpoint);
    List<String> agreed =
        JsonTrees.optional(read().path(server), service)
            .map(ConfirmedDestinations::parts)
            .orElse(List.of());
    return agreed.stream().limit(1).toList().equals(asked.subList(0, 1))
        && agreed.containsAll(asked);
  }

  private static List<String> parts(String destinations) {
    return Stream.of(destinations.split(" ", -1)).map(ConfirmedDestinations::normalized).toList();
  }

  /**
   * Stores confirmed endpoints. The endpoints replace earlier confirmations for the same services.
   *
   * @param endpoints the endpoints, by the full references of the services
   */
  public void addAll(Map<String, String> endpoints) {
    if (endpoints.entrySet().stream().allMatch(each -> contain(each.getKey(), each.getValue()))) {
      return;
    }
    try (FileLocks.Held lock = FileLocks.hold(file.resolveSibling("." + FILE + ".lock"))) {
      lock.assertHeld();
      ObjectNode all = read();
      ObjectNode services = all.withObjectProperty(server);
      endpoints.forEach((service, endpoint) -> services.put(service, normalized(endpoint)));
      PrivateFiles.write(file, JsonTrees.pretty(all).concat("\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private ObjectNode read() {
    try {
      return (ObjectNode) JsonTrees.read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return JsonTrees.object();
    } catch (IOException e) {
      throw ClientFault.of("%s can't be read: %s".formatted(file, PrivateFiles.reason(e)));
    } catch (JacksonException | ClassCastException e) {
      throw ClientFault.of(
          "%s is damaged".formatted(file),
          "Delete it. You will be asked again where keys may be sent.");
    }
  }

  /** Returns the addresses to which a credential's secret is sent besides the endpoint. */
  public static List<String> tokenUrls(JsonNode credential) {
    return Stream.of(credential, credential.path("federation"))
        .flatMap(
            settings ->
                Stream.of("token_url", "sts_url", "impersonation_url")
                    .flatMap(name -> JsonTrees.optional(settings, name).stream()))
        .toList();
  }

  /** Returns an endpoint and the further addresses to which a secret is sent, as one text. */
  public static String of(String endpoint, List<String> tokenUrls) {
    return Stream.concat(Stream.of(endpoint), tokenUrls.stream())
        .map(ConfirmedDestinations::normalized)
        .collect(Collectors.joining(" "));
  }

  /** Returns an endpoint as the server stores it. */
  public static String normalized(String url) {
    try {
      URI uri = URI.create(withAsciiHost(url));
      if (uri.getHost() == null || uri.getScheme() == null) {
        return url;
      }
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      String host = uri.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
      boolean usual = uri.getPort() == (scheme.equals("https") ? 443 : 80) || uri.getPort() < 0;
      String path =
          uri.getRawPath() == null
              ? ""
              : uri.getRawPath().replaceFirst("/+$", "").replaceFirst("/embeddings$", "");
      return scheme + "://" + host + (usual ? "" : ":" + uri.getPort()) + path;
    } catch (IllegalArgumentException e) {
      return url;
    }
  }

  /** Returns a URL with its host in punycode, because {@link URI} finds no other hosts. */
  private static String withAsciiHost(String url) {
    Matcher parts = WITH_HOST.matcher(url);
    return parts.matches()
        ? parts.group("scheme") + IDN.toASCII(parts.group("host")) + parts.group("rest")
        : url;
  }
}
