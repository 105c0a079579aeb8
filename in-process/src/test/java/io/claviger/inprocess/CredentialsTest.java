package io.claviger.inprocess;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.Users.NewUser;
import io.claviger.application.gateway.ConnectionChecks.CheckOutcome;
import io.claviger.application.instances.CredentialWrite;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.persistence.Schema;
import io.claviger.persistence.SchemaName;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In a Java program, Claviger checks no key files and makes no tokens. Its messages say so, and say
 * what to do instead.
 */
class CredentialsTest {
  private static final SchemaName FIRST = new SchemaName("first");
  private static final Instance.Ref SERVICE = Instance.Ref.of("alice/service");
  private static final Map<CredentialField, String> CLIENT =
      Map.of(
          CredentialField.CLIENT_ID,
          "a-client",
          CredentialField.TOKEN_URL,
          "https://tokens.example.com/");

  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated("first", source -> new Schema(source, FIRST).migrate());

  private final Claviger claviger =
      Claviger.on(database.dataSource(), FIRST, "an-encryption-key-of-credentials");

  @BeforeEach
  void begin() {
    assertThat(claviger.users().create(claviger.root(), NewUser.of("alice")))
        .isInstanceOf(Outcome.Done.class);
  }

  @AfterEach
  void close() {
    claviger.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GOOGLE_SERVICE_ACCOUNT, {}, /credential/key",
    "OAUTH_CLIENT, -----BEGIN PRIVATE KEY-----, /credential/assertion_key"
  })
  void a_key_file_that_nobody_can_check_is_not_stored(
      CredentialKind kind, String secret, String pointer) {
    assertThat(put(kind, secret))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(((Refusal.Invalid) refused.why()).faults())
                    .singleElement()
                    .extracting(Fault::pointer, Fault::code)
                    .containsExactly(pointer, "not_allowed"));
  }

  @Test
  void a_check_says_where_tokens_are_made() {
    assertThat(put(CredentialKind.OAUTH_CLIENT, "a-client-secret"))
        .isInstanceOf(Outcome.Done.class);

    CheckOutcome checked = claviger.connectionChecks().check(alice(), SERVICE);

    assertThat(checked)
        .isInstanceOfSatisfying(
            CheckOutcome.Checked.class,
            outcome ->
                assertThat(outcome.check().withoutToken().orElseThrow().detail())
                    .isEqualTo(
                        "Claviger makes no tokens in a Java program. Check or call this service"
                            + " through a node."));
  }

  private Outcome<WrittenInstance> put(CredentialKind kind, String text) {
    try (Secret secret = Secret.takingOver(text.getBytes(US_ASCII))) {
      return claviger
          .instances()
          .put(
              alice(),
              SERVICE,
              Precondition.NONE,
              InstanceFields.none()
                  .from("_system/openai-small")
                  .write()
                  .withCredential(
                      Field.of(
                          new CredentialWrite(
                              kind,
                              kind == CredentialKind.OAUTH_CLIENT ? CLIENT : Map.of(),
                              Optional.of(secret)))));
    }
  }

  private Actor alice() {
    return claviger.as("alice");
  }
}
