package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rights that a write needs depend on the fields whose value changes. */
class WriteRightsTest {
  private static final String OPENAI = "https://api.openai.com/v1";

  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final Instance service = write.withKeyAndHeaders(alice, "s");

  WriteRightsTest() {
    Instance unused = write.systemLevelWithKey(root, "shared");
  }

  static Stream<Arguments> describing() {
    return Stream.of(
        change("display_name", InstanceWriteBuilder.of().displayName("other")),
        change("description", InstanceWriteBuilder.of().description("other")),
        change("definition", InstanceWriteBuilder.of().from("_system/openai-small")),
        change("model", InstanceWriteBuilder.of().model("other")),
        change("dimensions", InstanceWriteBuilder.of().dimensions(7)),
        change("context_limit", InstanceWriteBuilder.of().contextLimit(7)),
        change("timeout_ms", InstanceWriteBuilder.of().timeout(7)));
  }

  static Stream<Arguments> switching() {
    return Stream.of(change("enabled", InstanceWriteBuilder.of().enabled(false)));
  }

  static Stream<Arguments> clearing() {
    return Stream.of(change("clearing the key", InstanceWriteBuilder.of().clearingTheKey()));
  }

  static Stream<Arguments> configuring() {
    return Stream.of(
        change(
            "endpoint",
            InstanceWriteBuilder.of()
                .endpoint("https://x.example.org")
                .clearingTheKey()
                .clearingTheHeaders()),
        change(
            "api_standard",
            InstanceWriteBuilder.of()
                .apiStandard("none")
                .provider(Provider.OPENAI)
                .clearingTheKey()
                .clearingTheHeaders()),
        change("organization", InstanceWriteBuilder.of().organization("org-1")),
        change(
            "custom_headers",
            InstanceWriteBuilder.of().endpoint(OPENAI).header("X-One", "1").clearingTheKey()),
        change("clearing the headers", InstanceWriteBuilder.of().clearingTheHeaders()),
        change("key_policy", InstanceWriteBuilder.of().userKeys(true)),
        change("limits", InstanceWriteBuilder.of().requestsPerMinute(7)),
        change(
            "api_key",
            InstanceWriteBuilder.of().endpoint(OPENAI).key("sk-other-key").clearingTheHeaders()));
  }

  /** What the prices of calls follow from. */
  static Stream<Arguments> pricing() {
    return Stream.of(
        change("provider", InstanceWriteBuilder.of().provider(Provider.OPENAI_COMPAT)),
        change("to deployments", InstanceWriteBuilder.of().provider(Provider.AZURE)),
        change(
            "to deployments of a cheap model",
            InstanceWriteBuilder.of().provider(Provider.AZURE).model("cheap")));
  }

  static Stream<Arguments> lent() {
    return Stream.of(describing(), switching(), clearing(), configuring()).flatMap(s -> s);
  }

  static Stream<Arguments> all() {
    return Stream.concat(lent(), pricing());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void the_owning_user_changes(String what, InstanceWriteBuilder change) {
    assertWritten(patch(alice, change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lent")
  void a_co_owner_changes(String what, InstanceWriteBuilder change) {
    assertWritten(patch(with(Role.OWNER), change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pricing")
  void a_co_owner_does_not_change(String what, InstanceWriteBuilder change) {
    assertForbidden(patch(with(Role.OWNER), change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"describing", "switching"})
  void a_writer_changes(String what, InstanceWriteBuilder change) {
    assertWritten(patch(with(Role.WRITER), change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"clearing", "configuring", "pricing"})
  void a_writer_does_not_change(String what, InstanceWriteBuilder change) {
    assertForbidden(patch(with(Role.WRITER), change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void a_reader_does_not_change(String what, InstanceWriteBuilder change) {
    assertForbidden(patch(with(Role.READER), change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"switching", "clearing"})
  void an_administrator_changes(String what, InstanceWriteBuilder change) {
    assertWritten(patch(root, change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"describing", "configuring", "pricing"})
  void an_administrator_does_not_change(String what, InstanceWriteBuilder change) {
    assertForbidden(patch(root, change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void of_the_systems_an_administrator_changes(String what, InstanceWriteBuilder change) {
    assertWritten(write.patch(w.as(root), "_system/shared", change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void of_the_systems_nobody_else_changes(String what, InstanceWriteBuilder change) {
    Outcome<WrittenInstance> headersFirst =
        write.patch(
            w.as(root),
            "_system/shared",
            InstanceWriteBuilder.of().endpoint(OPENAI).key().header("X-Team", "t"));
    assertWritten(headersFirst);

    assertForbidden(write.patch(w.as(alice), "_system/shared", change));
  }

  static Stream<Arguments> whoeverIsLentDeployments() {
    return Stream.of(Role.values())
        .flatMap(
            role ->
                all().map(Arguments::get).map(change -> Arguments.of(role, change[0], change[1])));
  }

  /** The name of a deployment costs what the service's own model does. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("whoeverIsLentDeployments")
  void where_callers_name_deployments_only_the_owning_user_changes_the_model(
      Role role, String what, InstanceWriteBuilder change) {
    InstanceWrites.written(patch(alice, InstanceWriteBuilder.of().provider(Provider.AZURE)));
    Instance before = w.now(service.ref());
    User lent = with(role);

    Outcome<WrittenInstance> outcome = patch(lent, change);

    Set<InstanceField> changed = w.now(service.ref()).settings().differingFrom(before.settings());
    assertThat(changed).doesNotContain(InstanceField.MODEL, InstanceField.PROVIDER);
    if (what.equals("model")) {
      assertThat(because(outcome)).isEqualTo("forbidden");
      assertWritten(patch(alice, change));
    }
    if (what.equals("description")) {
      assertThat(outcome instanceof Outcome.Done).isEqualTo(role.atLeast(Role.WRITER));
    }
  }

  @Test
  void where_callers_name_deployments_a_writer_sends_back_what_they_read() {
    InstanceWrites.written(patch(alice, InstanceWriteBuilder.of().provider(Provider.AZURE)));
    Instance read = w.now(service.ref());

    Instance after =
        InstanceWrites.written(
            write.put(
                w.as(with(Role.WRITER)),
                "alice/s",
                InstanceWriteBuilder.back(read).description("new")));

    assertThat(after.settings().differingFrom(read.settings()))
        .containsExactly(InstanceField.DESCRIPTION);
  }

  @Test
  void a_reader_sends_back_what_they_read() {
    assertThat(
            InstanceWrites.written(
                write.put(w.as(with(Role.READER)), "alice/s", InstanceWriteBuilder.back(service))))
        .isEqualTo(service);
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void a_writer_sends_back_what_they_read_with_their_change() {
    Instance after =
        InstanceWrites.written(
            write.put(
                w.as(with(Role.WRITER)),
                "alice/s",
                InstanceWriteBuilder.back(service).description("new")));

    assertThat(after.settings().differingFrom(service.settings()))
        .containsExactly(InstanceField.DESCRIPTION);
  }

  @Test
  void a_writer_does_not_replace_with_what_takes_rights_back_to_defaults() {
    InstanceWrites.written(patch(alice, InstanceWriteBuilder.of().requestsPerMinute(5)));

    assertForbidden(write.put(w.as(with(Role.WRITER)), "alice/s", InstanceWriteBuilder.openAi()));
  }

  @Test
  void one_forbidden_field_refuses_the_whole_write() {
    Outcome<WrittenInstance> unused =
        patch(with(Role.WRITER), InstanceWriteBuilder.of().description("new").requestsPerMinute(5));

    assertThat(w.now(service.ref())).isEqualTo(service);
  }

  @Test
  void a_reader_clears_a_key_that_is_not_stored() {
    Instance bare = w.stored(AnInstance.of(alice, "bare").build());
    User reader = w.user("reader");
    Share unused = w.stored(bare, AShare.with(reader).givenBy(alice).build());

    assertWritten(
        write.patch(w.as(reader), "alice/bare", InstanceWriteBuilder.of().clearingTheKey()));
  }

  @Test
  void an_administrator_who_holds_a_share_changes_what_its_role_allows() {
    Share unused = w.stored(service, AShare.with(root).role(Role.WRITER).givenBy(root).build());

    assertWritten(patch(root, InstanceWriteBuilder.of().description("new")));
  }

  @Test
  void a_refusal_is_on_record() {
    User reader = with(Role.READER);
    Outcome<WrittenInstance> unused = patch(reader, InstanceWriteBuilder.of().key());

    assertThat(w.recorded()).containsExactly("service.update refused alice/s [forbidden]");
    assertThat(w.events().get(0).actor()).contains(reader.id());
  }

  private static Arguments change(String what, InstanceWriteBuilder change) {
    return Arguments.of(what, change);
  }

  private User with(Role role) {
    User user = w.user("grantee");
    Share unused = w.stored(service, AShare.with(user).role(role).givenBy(alice).build());
    return user;
  }

  private Outcome<WrittenInstance> patch(User author, InstanceWriteBuilder change) {
    return write.patch(w.as(author), "alice/s", change);
  }

  private static void assertWritten(Outcome<WrittenInstance> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
  }

  private static void assertForbidden(Outcome<WrittenInstance> outcome) {
    assertThat(because(outcome)).isEqualTo("forbidden");
  }
}
