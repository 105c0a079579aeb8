package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.cli.ClavigerCommandLine;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.testkit.Race;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is imported from a database of Coder, by the command. Its tables and encryption are those of
 * coder/coder on GitHub, coderd/database/migrations and enterprise/dbcrypt/cipher.go, in 2026.
 */
@Tag("thorough")
class CoderImportJourneyTest {
  private static final byte[] KEY = new byte[32];
  private static final byte[] OTHER_KEY = new byte[32];
  private static final String OPENAI = "10000000-0000-4000-8000-000000000001";
  private static final int USERS = 1_700;

  static {
    Arrays.fill(KEY, (byte) 7);
    Arrays.fill(OTHER_KEY, (byte) 8);
  }

  @AutoClose private final Journey journey = new Journey();
  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({"chat, 4", "ai, 5"})
  void providers_models_and_keys_come_and_work(String shape, int providers) throws Exception {
    Node node = journey.startNode();
    Api dora = journey.user(node, "dora");
    Api ann = journey.user(node, "ann-here");
    journey.tamper("update users set email = 'ANN@example.org' where handle = 'ann-here'");
    try (ForeignDatabase coder = coder(shape)) {
      String source = coder.dump();
      Path report = directory.resolve("report.json");
      String before = journey.everything();
      assertThat(run(coder, 3, "--dry-run").printed())
          .as("everybody may write any address into their profile")
          .contains("  user Ann: email_here (ann-here)", "  user_key Ann openai: user_missing");
      CommandResult dry = run(coder, 3, "--same", "Ann=ann-here", "--dry-run");
      assertThat(journey.everything()).isEqualTo(before);

      CommandResult real = run(coder, 3, "--same", "Ann=ann-here", "--report", report.toString());

      assertThat(real.output().lines().skip(1)).isEqualTo(dry.output().lines().skip(1).toList());
      assertThat(coder.dump()).isEqualTo(source);
      assertThat(
              journey.column(
                  """
                  select concat_ws(' ', owner_handle || '/' || handle, display_name, provider,
                    model, enabled, central_key, user_keys, fallback_to_central,
                    api_key_sealed is not null)
                  from instances order by created_at
                  """))
          .containsExactly(
              "_system/openai Our OpenAI openai text-embedding-3-small t t t t t",
              "_system/anthropic anthropic anthropic claude-1 f t f f f");
      assertThat(
              journey.column(
                  """
                  select concat_ws(' ', name, display_name, is_default, context_limit,
                    compression_threshold)
                  from model_configs order by created_at
                  """))
          .containsExactly(
              "gpt-4o-mini Small f 128000 70", "text-embedding-3-small Vectors t 8191 70");
      assertThat(
              journey.column("select u.handle from user_keys k join users u on u.id = k.user_id"))
          .containsExactly("ann-here");
      assertThat(real.printed())
          .contains(
              "  service copilot: provider_unknown (Claviger knows no provider of this kind)",
              "  service azure: endpoint_missing",
              "  model azure/gpt-4o: service_missing",
              "  user carl: blocked",
              "  user_key carl openai: user_missing",
              "  user_key bob.o'neill openai: invalid_api_key",
              "  user Ann: found_here (ann-here)",
              "  service anthropic: deployment_key (no key is stored; set"
                  + " CLAVIGER_DEPLOYMENT_KEY_ANTHROPIC)")
          .anySatisfy(
              line ->
                  assertThat(line)
                      .startsWith(
                          "  model anthropic/claude-1: invalid_value (compression_threshold"))
          .anySatisfy(line -> assertThat(line).matches("services +" + providers + " +2 .*"));

      dora.embed("_system/openai").isStatus(200);
      ann.embed("_system/openai").isStatus(200);
      assertThat(journey.credentials())
          .containsExactly("Bearer " + journey.key("central"), "Bearer " + journey.key("ann"));

      assertThat(run(coder, 3, "--same", "Ann=ann-here").output())
          .startsWith("Nothing was changed");

      CommandResult undone = undo(0, report);
      assertThat(undone.output()).startsWith("Removed:");
      assertThat(journey.column("select handle from instances")).isEmpty();
      assertThat(journey.column("select name from model_configs where deleted_at is null"))
          .isEmpty();
      assertThat(journey.column("select kind from arrivals")).isEmpty();
      assertThat(journey.column("select handle from users where handle like 'u-%'")).isEmpty();
      assertThat(journey.column("select handle from users where handle = 'ann-here'")).hasSize(1);
      assertThat(
              journey.column(
                  "select distinct action from audit_events where request_id = 'import coder'"))
          .contains("service.create", "service.delete", "user_key.delete", "model.delete");
      assertThat(undo(0, report).output()).startsWith("Nothing was removed.");

      assertThat(run(coder, 3, "--same", "Ann=ann-here").output()).startsWith("Imported:");
      for (String said : List.of(real.output(), Files.readString(report), journey.everything())) {
        assertThat(said).doesNotContain(journey.key("central"), journey.key("ann"));
      }
    }
  }

  @Test
  void what_somebody_changed_or_uses_is_kept_by_undoing() throws Exception {
    Node node = journey.startNode();
    Api root = journey.root(node);
    try (ForeignDatabase coder = coder("chat")) {
      coder.run(
          "update chat_providers set enabled = true, base_url = 'https://llm.example.org'"
              + " where provider in ('azure', 'anthropic')");
      coder.run(
          "update user_chat_provider_keys set api_key = 'sk-of-another-user'"
              + " where api_key = 'short'");
      Path report = directory.resolve("report.json");
      CommandResult unused = run(coder, 3, "--report", report.toString());
      root.patch("/v1/llm-services/_system/azure", Map.of("description", "mine")).isStatus(200);
      root.post("/v1/users/ann/tokens", Map.of("name", "laptop")).isStatus(201);

      CommandResult undone = undo(3, report);

      assertThat(undone.printed())
          .contains("  service _system/azure: changed_here", "  user ann: in_use_here");
      assertThat(journey.column("select handle from instances order by 1"))
          .containsExactly("azure");
      assertThat(
              journey.column(
                  "select handle from users where handle in ('ann') or handle like 'u-%'"))
          .containsExactly("ann");
      assertThat(journey.column("select kind from arrivals order by 1"))
          .containsExactly("service", "user");
    }
  }

  @Test
  void a_users_key_goes_nowhere_else_than_its_user_sent_it() throws Exception {
    Node node = journey.startNode();
    Api root = journey.root(node);
    try (ForeignDatabase coder = coder("chat")) {
      assertThat(run(coder, 3).output()).startsWith("Imported:");
      root.patch(
              "/v1/llm-services/_system/openai",
              Map.of("endpoint", journey.movedEndpoint(), "api_key", journey.key("moved")))
          .isStatus(200);
      coder.run(
          """
          insert into user_chat_provider_keys (id, user_id, chat_provider_id, api_key)
          select gen_random_uuid(), id, '%s', 'sk-of-dora-0123456789' from users
          where username = 'dora'
          """
              .formatted(OPENAI));

      assertThat(run(coder, 3).printed())
          .as("somebody here changed where the service sends keys")
          .contains(
              "  user_key dora openai: destination_changed_here (%s)"
                  .formatted(journey.movedEndpoint()));
      assertThat(journey.column("select user_id from user_keys")).isEmpty();
    }
  }

  @Test
  void a_users_key_that_was_replaced_there_is_named_and_replaced_only_if_wished() throws Exception {
    Node node = journey.startNode();
    try (ForeignDatabase coder = coder("chat")) {
      Path report = directory.resolve("report.json");
      assertThat(run(coder, 3, "--report", report.toString()).output()).startsWith("Imported:");
      List<String> first = sealedUserKeys();
      coder.run(
          "update user_chat_provider_keys set api_key = '%s' where api_key_key_id = '%s'"
              .formatted(encrypted(journey.key("second")), digest()));

      assertThat(run(coder, 3).printed())
          .anyMatch(line -> line.startsWith("  user_key Ann openai: key_differs (Claviger's key"));
      assertThat(sealedUserKeys()).isEqualTo(first);

      assertThat(run(coder, 3, "--report", report.toString(), "--replace-keys").printed())
          .contains("Imported:", "  user_key Ann openai: key_replaced");
      assertThat(sealedUserKeys()).hasSize(1).isNotEqualTo(first);
      assertThat(run(coder, 3, "--replace-keys").printed())
          .noneMatch(line -> line.contains("key_differs") || line.contains("key_replaced"));
      Api root = journey.root(node);
      String token =
          root.post("/v1/users/ann/tokens", Map.of("name", "laptop")).isStatus(201).text("/token");
      Api ann = root.holding(journey.token(token));
      ann.embed("_system/openai").isStatus(200);
      assertThat(journey.credentials()).containsExactly("Bearer " + journey.key("second"));

      ann.storeKey("_system/openai", journey.endpoint(), journey.key("own")).isStatus(200);
      List<String> own = sealedUserKeys();
      assertThat(run(coder, 3, "--replace-keys").printed())
          .as("what its user stores here is not replaced")
          .anyMatch(line -> line.startsWith("  user_key Ann openai: key_differs (the user stored"));
      assertThat(sealedUserKeys()).isEqualTo(own);
      assertThat(undo(3, report).printed()).contains("  user_key _system/openai: changed_here");
    }
  }

  private List<String> sealedUserKeys() {
    return journey.column("select encode(api_key_sealed, 'hex') from user_keys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "ai"})
  void a_users_key_goes_to_no_address_that_came_later_unless_the_operator_says_so(String shape)
      throws Exception {
    journey.stop(journey.startNode());
    String later = "https://llm.example.org/v1";
    try (ForeignDatabase coder = coder(shape)) {
      coder.run(
          """
          update %s set base_url = '%s/', updated_at = updated_at + interval '1 second'
          where id = '%s'
          """
              .formatted(shape.equals("chat") ? "chat_providers" : "ai_providers", later, OPENAI));

      assertThat(run(coder, 3).printed())
          .contains("  user_key Ann openai: destination_changed_there (%s/)".formatted(later));
      assertThat(journey.column("select user_id from user_keys")).isEmpty();
      assertThat(run(coder, 2, "--keys-to", "ftp://h").errors()).contains("--keys-to: ");

      assertThat(run(coder, 3, "--keys-to", later).output()).startsWith("Imported:");
      assertThat(journey.column("select user_id from user_keys")).hasSize(1);
    }
  }

  @Test
  void a_model_that_an_undo_made_the_default_can_be_removed_by_another_undo() throws Exception {
    journey.stop(journey.startNode());
    try (ForeignDatabase coder = coder("chat")) {
      Path first = directory.resolve("first.json");
      Path second = directory.resolve("second.json");
      coder.run("update chat_model_configs set deleted = true where model = 'gpt-4o-mini'");
      assertThat(run(coder, 3, "--report", first.toString()).output()).startsWith("Imported:");
      coder.run("update chat_model_configs set deleted = false where model = 'gpt-4o-mini'");
      assertThat(run(coder, 3, "--report", second.toString()).output()).startsWith("Imported:");
      String defaults = "select name from model_configs where is_default and deleted_at is null";
      assertThat(journey.column(defaults)).containsExactly("text-embedding-3-small");

      assertThat(undo(3, first).printed()).anyMatch(line -> line.contains("in_use_here"));
      assertThat(journey.column(defaults)).containsExactly("gpt-4o-mini");

      assertThat(undo(0, second).output()).startsWith("Removed:");
      assertThat(undo(0, first).output()).startsWith("Removed:");
      assertThat(arrived()).isZero();
    }
  }

  @Test
  void an_import_that_was_cut_off_goes_on_where_it_ended() throws Exception {
    journey.stop(journey.startNode());
    try (ForeignDatabase coder = coder("chat")) {
      coder.run(
          """
          insert into users
          select gen_random_uuid(), 'x' || n || '@example.org', 'x' || n, '', null, 'active', false,
            '2025-01-01'
          from generate_series(1, %d) n;
          insert into user_chat_provider_keys (id, user_id, chat_provider_id, api_key)
          select gen_random_uuid(), id, '%s', 'sk-of-' || username from users
          where username like 'x%%'
          """
              .formatted(USERS, OPENAI));
      try (Program program =
          Program.start(directory, journey.environment(), arguments(coder, KEY))) {
        Eventually.holds(Duration.ofSeconds(60), () -> arrived() >= 1_000);
        program.kill();
      }
      int killed = arrived();
      assertThat(killed).isBetween(1_000, 2 * USERS);
      try (DatabaseGate gate = journey.gate();
          Program program =
              Program.start(directory, journey.environment(gate), arguments(coder, KEY))) {
        Eventually.holds(Duration.ofSeconds(60), () -> arrived() > killed);
        gate.cut();
        assertThat(program.ended(1).errors()).contains("the same command continues with the rest");
      }
      assertThat(arrived()).isLessThan(2 * USERS);

      CommandResult rest = run(coder, 3);

      assertThat(rest.output()).startsWith("Imported:");
      assertThat(journey.column("select count(*) from users where handle like 'x%'"))
          .containsExactly(Integer.toString(USERS));
      assertThat(journey.column("select count(*) from user_keys"))
          .containsExactly(Integer.toString(USERS + 1));
      assertThat(
              journey.column("select count(*) from audit_events where action = 'user_key.create'"))
          .containsExactly(Integer.toString(USERS + 1));
    }
  }

  @Test
  void imports_at_the_same_time_bring_everything_once_and_one_report_undoes_all() throws Exception {
    journey.stop(journey.startNode());
    Path report = directory.resolve("report.json");
    try (ForeignDatabase coder = coder("ai")) {
      List<Integer> codes =
          Race.of(
              16,
              n ->
                  ClavigerCommandLine.of(
                          Programs.STANDARD,
                          GivenVariables.of(journey.environment()),
                          arguments(coder, KEY))
                      .setOut(new PrintWriter(Writer.nullWriter()))
                      .execute(
                          Stream.concat(
                                  Stream.of(arguments(coder, KEY)),
                                  Stream.of("--report", report.toString()))
                              .toArray(String[]::new)),
              1);

      assertThat(codes).containsOnly(3);
      assertThat(journey.column("select count(*) from arrivals")).containsExactly("7");
      assertThat(journey.column("select count(*) from instances")).containsExactly("2");
      assertThat(
              journey.column(
                  """
                  select count(*) from audit_events
                  where request_id = 'import coder' and outcome = 'done'
                  """))
          .containsExactly("7");
      assertThat(undo(0, report).output()).startsWith("Removed:");
      assertThat(arrived()).isZero();
    }
  }

  @Test
  void hostile_texts_in_every_field_are_left_out_by_name_and_never_printed() throws Exception {
    journey.stop(journey.startNode());
    try (ForeignDatabase coder = coder("chat")) {
      coder.run(
          """
          alter table chat_providers alter base_url drop not null, alter api_key drop not null;
          alter table chat_model_configs alter display_name drop not null;
          alter table users alter created_at drop not null;
          insert into chat_providers (
            id, provider, display_name, api_key, enabled, created_at, base_url)
          select cast('90000000-0000-4000-8000-00000000000' || n as uuid), p, d, k, true, t, b
          from (values
            (1, E'a\\x1b[2J', '', null, timestamptz 'infinity', 'https://user:hunter2@h'),
            (2, 'google', repeat('d', 5000), repeat('hunter2', 900000), '-infinity', null),
            (3, 'vercel', E'\\u202Ed', E'sk-hunter2\\n\\x07', '2025-01-01', 'https://h/v1?k=hunter2'),
            (4, 'openrouter', '', 'sk-hunter2-ü', '2025-01-01', ''))
            as v (n, p, d, k, t, b);
          insert into chat_model_configs (
            id, provider, model, display_name, enabled, is_default, deleted, created_at,
            context_limit, compression_threshold)
          select gen_random_uuid(), p, m, null, true, true, false, 'infinity', c, 50
          from (values
            ('google', '', 1), ('google', repeat('m', 100000), 1), ('google', E'a\\nb', 1),
            ('google', 'huge', 9223372036854775807), ('google', 'negative', -1),
            ('nothing', 'lost', 1)) as v (p, m, c);
          update users set name = repeat('n', 100000), email = 'no address', created_at = null
          where username = 'Ann';
          update users set username = E'../\\x1b', email = E'a@b\\nc' where username like 'bob%';
          update user_chat_provider_keys set api_key = 'sk-hunter2-of-bob' where api_key = 'short';
          """);

      CommandResult result = run(coder, 3);

      assertThat(result.output() + result.errors()).doesNotContain("hunter2", "\u001b", "\u202e");
      assertThat(result.printed())
          .contains(
              "  key google: invalid_api_key (the service was imported without it)",
              "  key openrouter: invalid_api_key (the service was imported without it)",
              "  model ?/lost: service_missing",
              "  service a?[2J: provider_unknown (Claviger knows no provider of this kind)")
          .anySatisfy(line -> assertThat(line).startsWith("  service vercel: invalid_endpoint"))
          .anySatisfy(line -> assertThat(line).startsWith("  user Ann: invalid_email"))
          .anySatisfy(line -> assertThat(line).startsWith("  model google/: invalid_model"));
      assertThat(journey.column("select handle from users where handle in ('ann', 'u-bbbbbbbb')"))
          .hasSize(2);
      assertThat(
              journey.column("select name from model_configs where name in ('huge', 'negative')"))
          .containsExactlyInAnyOrder("huge", "negative");
      assertThat(journey.everything()).doesNotContain("hunter2");
      assertThat(run(coder, 3).output()).startsWith("Nothing was changed");
      assertThat(run(coder, 1, "--rename", "nobody=x").errors()).contains("named nobody");
      assertThat(run(coder, 1, "--same", "nobody=x").errors()).contains("named nobody");
    }
  }

  @Test
  void what_can_not_be_imported_from_is_told_in_one_line_and_changes_nothing() throws Exception {
    journey.stop(journey.startNode());
    String before = journey.everything();
    try (ForeignDatabase coder = coder("chat")) {
      assertThat(Commands.run(journey.environment(), arguments(coder, OTHER_KEY)).ended(1).errors())
          .contains("it is the wrong one; nothing was imported");
      assertThat(
              Commands.run(journey.environment(), arguments(coder, new byte[31])).ended(1).errors())
          .contains("base64 of 32 bytes");
      coder.run("update schema_migrations set dirty = true");
      assertThat(run(coder, 1).errors()).contains("schema_migrations.dirty");
      coder.run("update schema_migrations set dirty = false");
      coder.run("alter table chat_model_configs rename model to called");
      assertThat(run(coder, 1).errors()).contains("its shape is not known", "m.model");
      coder.run("create table ai_providers (id uuid)");
      assertThat(run(coder, 1).errors()).contains("has both chat_providers and ai_providers");
    }
    try (ForeignDatabase empty = ForeignDatabase.empty()) {
      assertThat(run(empty, 1).errors()).contains("not a database of Coder");
    }
    Path notes = Files.writeString(directory.resolve("notes.json"), "{\"run\": 1}");
    assertThat(undo(1, notes).errors()).contains("is not the report of an import");
    assertThat(Commands.run(journey.environment(), "import", "coder").ended(2).errors())
        .contains("give either --from or --undo");
    assertThat(journey.everything()).isEqualTo(before);
  }

  private int arrived() {
    return Integer.parseInt(journey.column("select count(*) from arrivals").get(0));
  }

  private CommandResult run(ForeignDatabase coder, int exitCode, String... more)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments(coder, KEY)));
    all.addAll(List.of(more));
    return Commands.run(journey.environment(), all.toArray(String[]::new)).ended(exitCode);
  }

  private CommandResult undo(int exitCode, Path report) {
    return Commands.run(journey.environment(), "import", "coder", "--undo", report.toString())
        .ended(exitCode);
  }

  private String[] arguments(ForeignDatabase coder, byte[] key) {
    Path file = keyFile(key);
    return new String[] {"import", "coder", "--from", coder.url(), "--key-file", file.toString()};
  }

  private Path keyFile(byte[] key) {
    try {
      return Files.writeString(
          Files.createTempFile(directory, "key", ""),
          Base64.getEncoder().encodeToString(key) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A database of Coder with two encrypted keys: the central key, and the key of one user. */
  private ForeignDatabase coder(String shape) {
    ForeignDatabase coder = ForeignDatabase.coder(shape);
    coder.run(
        "insert into dbcrypt_keys values (1, '%s', null, now(), null, '%s')"
            .formatted(digest(), encrypted("coder")));
    boolean chat = shape.equals("chat");
    coder.run(
        "update %s set base_url = '%s' where base_url = 'ENDPOINT'"
            .formatted(chat ? "chat_providers" : "ai_providers", journey.endpoint() + "/"));
    String central = encrypted(journey.key("central"));
    coder.run(
        chat
            ? "update chat_providers set api_key = '%s', api_key_key_id = '%s' where id = '%s'"
                .formatted(central, digest(), OPENAI)
            : """
              insert into ai_provider_keys values
                (gen_random_uuid(), '%3$s', '%1$s', '%2$s', '2025-01-01'),
                (gen_random_uuid(), '%3$s', 'sk-a-second-key', null, '2025-01-02')
              """
                .formatted(central, digest(), OPENAI));
    return coder.run(
        "update %s set api_key = '%s', api_key_key_id = '%s' where api_key = 'KEY OF ann'"
            .formatted(
                chat ? "user_chat_provider_keys" : "user_ai_provider_keys",
                encrypted(journey.key("ann")),
                digest()));
  }

  private static String digest() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update("aes256gcm".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sha256.digest(KEY)).substring(0, 7);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encrypted(String text) {
    try {
      byte[] nonce = new byte[12];
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), new GCMParameterSpec(128, nonce));
      byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      byte[] whole = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
      return Base64.getEncoder().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
