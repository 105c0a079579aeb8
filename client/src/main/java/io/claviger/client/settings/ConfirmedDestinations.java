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
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The endpoints to which this user has agreed to send keys. For each service of a server, the user
 * has agreed to at most one endpoint, together with the service's token URLs. The user's agreement
 * is needed because other users who may configure a service can change the endpoint that the server
 * states.
 */
public final class ConfirmedDestinations {
  private static final String FILE = "destinations.json";

  /** Matches an endpoint. The server uses the same pattern. */
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>https?)://(?<host>\\[[0-9A-Fa-f:.]+\\]|[^/?#@:\\[\\]\\\\\\s]+)(?::(?<port>\\d{1,5}))?"
              + "(?<path>/[^?#\\s]*)?",
          CASE_INSENSITIVE);

  /** The first six groups of an IPv6 address to which an IPv4 address is mapped. */
  private static final List<Integer> MAPPED = List.of(0, 0, 0, 0, 0, 0xffff);

  private static final Pattern IPV4_AT_THE_END =
      Pattern.compile("(.*:)(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  /** Matches at least two successive zero groups of an IPv6 address. */
  private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

  private static final Comparator<MatchResult> MOST_ZEROS =
      Comparator.<MatchResult>comparingLong(
              zeros -> zeros.group().chars().filter(digit -> digit == '0').count())
          .thenComparingInt(zeros -> -zeros.start());

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
   * @param endpoints the endpoints, keyed by the full references of the services
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
          "Delete the file. You will be asked again where keys may be sent.");
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

  /**
   * Returns an endpoint in the form in which the server stores it. A text that the server does not
   * accept as an endpoint is returned unchanged.
   */
  public static String normalized(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      return url;
    }
    try {
      String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
      String host = normalizedHost(parts.group("host"));
      int usual = scheme.equals("https") ? 443 : 80;
      int port = parts.group("port") == null ? usual : Integer.parseInt(parts.group("port"));
      String path = parts.group("path") == null ? "" : parts.group("path");
      return scheme
          + "://"
          + host
          + (port == usual ? "" : ":" + port)
          + path.replaceFirst("/+$", "").replaceFirst("/embeddings$", "");
    } catch (IllegalArgumentException e) {
      return url;
    }
  }

  private static String normalizedHost(String host) {
    if (host.startsWith("[")) {
      return "[" + normalizedIpv6(host.substring(1, host.length() - 1)) + "]";
    }
    return IDN.toASCII(host).toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
  }

  /**
   * Returns an IPv6 address as in RFC 5952.
   *
   * @throws IllegalArgumentException if the text is no address
   */
  private static String normalizedIpv6(String text) {
    List<Integer> groups = groups(text);
    if (groups.subList(0, 6).equals(MAPPED)) {
      return "::ffff:" + dotted(groups.get(6)) + "." + dotted(groups.get(7));
    }
    String all = groups.stream().map(Integer::toHexString).collect(Collectors.joining(":"));
    return ZEROS
        .matcher(all)
        .results()
        .max(MOST_ZEROS)
        .map(zeros -> all.substring(0, zeros.start()) + "::" + all.substring(zeros.end()))
        .orElse(all);
  }

  private static String dotted(int group) {
    return (group >> 8) + "." + (group & 0xff);
  }

  /** Returns the eight groups of an IPv6 address. */
  private static List<Integer> groups(String text) {
    String[] halves = withoutDots(text).split("::", -1);
    List<Integer> groups = written(halves[0]);
    if (halves.length == 2) {
      List<Integer> after = written(halves[1]);
      groups.addAll(Collections.nCopies(Math.max(1, 8 - groups.size() - after.size()), 0));
      groups.addAll(after);
    }
    if (halves.length > 2 || groups.size() != 8) {
      throw new IllegalArgumentException("not an IPv6 address");
    }
    return groups;
  }

  /** Replaces an IPv4 address at the end of an IPv6 address by two groups of hexadecimal digits. */
  private static String withoutDots(String text) {
    Matcher parts = IPV4_AT_THE_END.matcher(text);
    if (!parts.matches()) {
      return text;
    }
    StringBuilder groups = new StringBuilder(parts.group(1));
    for (int n = 2; n <= 5; n++) {
      int part = Integer.parseInt(parts.group(n));
      if (part > 0xff) {
        throw new IllegalArgumentException("not an IPv4 address");
      }
      groups.append(n == 4 ? ":" : "").append("%02x".formatted(part));
    }
    return groups.toString();
  }

  private static List<Integer> written(String groups) {
    return Stream.of(groups.split(":", -1))
        .filter(group -> !groups.isEmpty())
        .map(
            group -> {
              if (group.length() > 4) {
                throw new IllegalArgumentException("not a group of an IPv6 address");
              }
              return Integer.parseInt(group, 16);
            })
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
