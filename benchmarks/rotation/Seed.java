import io.claviger.custody.Keyring;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyPlacement;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/** Prints SQL that fills a database with sealed values, ten for each user: two services with a key
 * and headers, and own keys for six of sixty system-level services.
 */
class Seed {
  private static final int SYSTEM = 60;
  private static final String NOW = "2026-11-20T00:00:00Z";
  private static final Destination AT =
      new Destination(Endpoint.of("https://api.openai.com/v1"), KeyPlacement.BEARER);

  private static TinkSealer sealer;

  public static void main(String[] args) throws IOException {
    int users = Integer.parseInt(args[0]) / 10;
    sealer = new TinkSealer(Keyring.of(args[1].getBytes(StandardCharsets.UTF_8)));
    PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 20), false);
    out.println(
        "copy users (id, handle, display_name, administrator, version, created_at, updated_at) from"
            + " stdin;");
    for (int u = 0; u < users; u++) {
      out.printf("%s\tuser-%d\tUser\tf\t1\t%s\t%s%n", user(u), u, NOW, NOW);
    }
    out.println("\\.");
    out.println(
        "copy instances (id, owner_id, owner_handle, handle, display_name, description, provider,"
            + " api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,"
            + " fallback_to_central, custom_header_names, headers_sealed, api_key_sealed,"
            + " api_key_set_at, version, created_at, updated_at) from stdin;");
    for (int s = 0; s < SYSTEM; s++) {
      instance(
          out, service(9, s), "01900000-0000-7000-8000-000000000001", "_system", "s-" + s, false);
    }
    for (int u = 0; u < users; u++) {
      for (int n = 0; n < 2; n++) {
        instance(out, service(n, u), user(u).toString(), "user-" + u, "service-" + n, true);
      }
    }
    out.println("\\.");
    out.println("copy user_keys (instance_id, user_id, api_key_sealed, set_at) from stdin;");
    for (int u = 0; u < users; u++) {
      for (int n = 0; n < 6; n++) {
        Instance.Id at = new Instance.Id(service(9, (u + 7 * n) % SYSTEM));
        String value =
            sealed(KeyBinding.ofUserKey(at, new User.Id(user(u)), AT), "sk-own-" + u + "-" + n);
        out.printf("%s\t%s\t%s\t%s%n", at.value(), user(u), value, NOW);
      }
    }
    out.println("\\.");
    out.println("analyze;");
    out.flush();
  }

  private static void instance(
      PrintStream out, UUID id, String owner, String ownerHandle, String handle, boolean full) {
    Instance.Id instance = new Instance.Id(id);
    String headers =
        full ? sealed(KeyBinding.ofHeaders(instance, AT), "X-Team:some-value-0123456789\n") : "\\N";
    String key =
        full ? sealed(KeyBinding.ofApiKey(instance, AT), "sk-service-0123456789-" + id) : "\\N";
    out.printf(
        "%s\t%s\t%s\t%s\tService\t\topenai\topenai\thttps://api.openai.com/v1"
            + "\ttext-embedding-3-small\t30000\tt\tt\t%s\tf\t%s\t%s\t%s\t%s\t1\t%s\t%s%n",
        id,
        owner,
        ownerHandle,
        handle,
        full ? "f" : "t",
        full ? "{X-Team}" : "{}",
        headers,
        key,
        full ? NOW : "\\N",
        NOW,
        NOW);
  }

  private static String sealed(KeyBinding binding, String text) {
    try (Secret secret = Secret.takingOver(text.getBytes(StandardCharsets.US_ASCII))) {
      return "\\\\x" + HexFormat.of().formatHex(sealer.seal(secret, binding).bytes());
    }
  }

  /** As UUIDv7 come: in the order of time. */
  private static UUID user(int n) {
    return new UUID(0x0190_0001_0000_7000L + ((long) n << 16), 0x8000_0000_0000_0000L | n);
  }

  private static UUID service(int series, int n) {
    return new UUID(
        0x0191_0000_0000_7000L + ((long) n << 20) + ((long) series << 16),
        0x8000_0000_0000_0000L | n);
  }
}
