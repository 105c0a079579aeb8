package io.claviger.client.apply;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files with a few resources out of a small world, so that files often agree on some. */
final class RandomFile {
  private final Random random;

  private RandomFile(Random random) {
    this.random = random;
  }

  static String of(Random random) {
    return new RandomFile(random).text();
  }

  private String text() {
    return "name: team\n"
        + section(
            "definitions", n -> "ref: d%d, model: m%d, public: %b".formatted(n, two(), flag()))
        + section(
            "groups",
            n ->
                "handle: g%d, display_name: G%d%s%s%s"
                    .formatted(n, two(), members(), limits("limits"), limits("pooled_limits")))
        + section("users", n -> "handle: u%d, limits: {%s}".formatted(n, limit()))
        + section("services", this::service)
        + section("projects", n -> "ref: p%d, description: D%d%s".formatted(n, two(), shares("")))
        + section("models", n -> "name: n%d, enabled: %b".formatted(n, flag()))
        + section(
            "prices",
            n ->
                "provider: openai, model: m%d, valid_from: 2026-01-01, input: %d.%d%s"
                    .formatted(n, two(), two(), terms()));
  }

  private String terms() {
    return switch (random.nextInt(4)) {
      case 0 -> ", thresholds: [{above: 1, input: %d}, {above: 9, output: 5}]".formatted(two());
      case 1 -> ", tiers: {flex: {input: %d}}".formatted(two());
      case 2 -> ", fees: [{what: page, amount: %d, per: 1000}], output: null".formatted(two());
      default -> "";
    };
  }

  private String service(int n) {
    return "ref: s%d, model: m%d, enabled: %b%s%s%s%s"
        .formatted(
            n,
            two(),
            flag(),
            limits("limits"),
            flag() ? ", endpoint: 'https://e%d.example', %s".formatted(two(), credential()) : "",
            shares(", may_reshare: " + flag()),
            flag() ? ", shared_objects: [" + sharedObjects() + "]" : "");
  }

  private String credential() {
    return switch (random.nextInt(4)) {
      case 0 ->
          ("credential: {kind: oauth_client, client_id: c%d, token_url: 'https://t.example/x/',"
                  + " client_secret: {env: S, version: '%d'}}")
              .formatted(two(), two());
      case 1 ->
          "credential: {kind: federated, federation: {provider: aws, region: r%d, role_arn: a}}"
              .formatted(two());
      default -> "api_key: {env: A, version: '%d'}".formatted(two());
    };
  }

  private String sharedObjects() {
    return chosen().stream()
        .map(
            n ->
                "{kind: files, id: f%d%s%s}"
                    .formatted(
                        n,
                        flag() ? ", access: " + (flag() ? "read" : "refer") : "",
                        flag() ? ", borrowers: " + (flag() ? "null" : "[u1, u2]") : ""))
        .collect(Collectors.joining(", "));
  }

  private String limits(String field) {
    return flag() ? ", %s: {%s}".formatted(field, limit()) : "";
  }

  private String limit() {
    return switch (random.nextInt(5)) {
      case 4 -> "tokens_per_minute: %d, concurrent_calls: 7".formatted(1 + two());
      case 0 -> "requests_per_minute: %d".formatted(1 + two());
      case 1 -> "models: [m%d], operations: [POST chat/completions]".formatted(two());
      case 2 ->
          "budgets: [{amount: %d.50, unit: usd, window: day, zone: Europe/Berlin}]"
              .formatted(two());
      default -> "max_output_tokens: null";
    };
  }

  private String members() {
    return flag() ? ", members: [" + people("user", "member", "manager", "") + "]" : "";
  }

  private String shares(String more) {
    return flag() ? ", shares: [" + people("grantee", "reader", "writer", more) + "]" : "";
  }

  private String people(String field, String role, String other, String more) {
    return chosen().stream()
        .map(n -> "{%s: u%d, role: %s%s}".formatted(field, n, flag() ? role : other, more))
        .collect(Collectors.joining(", "));
  }

  private interface Entry {
    String of(int number);
  }

  private String section(String name, Entry entry) {
    return name
        + ":"
        + chosen().stream()
            .map(n -> "\n  - {" + entry.of(n) + "}")
            .collect(Collectors.joining())
            .transform(text -> text.isEmpty() ? " []" : text)
        + "\n";
  }

  private List<Integer> chosen() {
    return IntStream.range(0, 4).filter(n -> flag()).boxed().toList();
  }

  private boolean flag() {
    return random.nextBoolean();
  }

  private int two() {
    return random.nextInt(2);
  }
}
