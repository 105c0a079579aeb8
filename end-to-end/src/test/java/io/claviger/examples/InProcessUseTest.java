package io.claviger.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.Models.RunnableModel;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.userkeys.UserKeys.NewUserKey;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.models.ModelWrite;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.inprocess.Claviger;
import io.claviger.persistence.Schema;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Does, without the API, what the API does with users' keys, defaults, models and checks. */
class InProcessUseTest {
  private static final String KEY = "an-encryption-key-for-examples-0123456789";
  private static final Instance.Ref SERVICE = Instance.Ref.of("_system/all");

  private final StubProvider stub = StubProvider.start();
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  @AfterEach
  void close() {
    stub.close();
    database.close();
  }

  @Test
  void a_service_is_keyed_checked_chosen_and_found_in_the_catalogue() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    try (HikariDataSource pool = new HikariDataSource(config);
        Claviger claviger = Claviger.on(pool, KEY)) {
      Actor root = claviger.root();
      Endpoint endpoint = Endpoint.of(stub.baseUrl() + "/v1");
      write(claviger, root, endpoint);
      assertThat(checked(claviger, root)).isEqualTo(ConnectionStatus.NO_KEY);

      try (Secret key = Secret.apiKey("sk-of-root-0001".getBytes(US_ASCII))) {
        assertThat(claviger.userKeys().save(root, SERVICE, new NewUserKey(key, endpoint)))
            .isInstanceOf(Outcome.Done.class);
      }
      assertThat(checked(claviger, root)).isEqualTo(ConnectionStatus.OK);
      assertThat(stub.requests())
          .hasSize(2)
          .allMatch(r -> "Bearer sk-of-root-0001".equals(r.header("Authorization")));

      assertThat(claviger.defaults().choose(root, root.handle(), SERVICE))
          .isInstanceOf(Outcome.Done.class);
      assertThat(claviger.defaults().find(root, root.handle()))
          .isEqualTo(Outcome.done(new EffectiveDefault(SERVICE, EffectiveDefault.Source.OWN)));

      assertThat(claviger.modelConfigs().create(root, model())).isInstanceOf(Outcome.Done.class);
      assertThat(
              claviger
                  .models()
                  .list(root, new PageRequest<>(Optional.empty(), 50))
                  .orThrow()
                  .items())
          .extracting(RunnableModel::service)
          .containsExactly(SERVICE);
    }
  }

  @Test
  void what_checks_used_is_reported() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    try (HikariDataSource pool = new HikariDataSource(config)) {
      try (Claviger claviger = Claviger.on(pool, KEY)) {
        Actor root = claviger.root();
        Endpoint endpoint = Endpoint.of(stub.baseUrl() + "/v1");
        write(claviger, root, endpoint);
        try (Secret key = Secret.apiKey("sk-of-root-0002".getBytes(US_ASCII))) {
          claviger.userKeys().save(root, SERVICE, new NewUserKey(key, endpoint)).orThrow();
        }
        assertThat(checked(claviger, root)).isEqualTo(ConnectionStatus.OK);
      }
      try (Claviger again = Claviger.on(pool, KEY)) {
        assertThat(
                again
                    .usage()
                    .list(again.root(), UsageFilter.NONE, new PageRequest<>(Optional.empty(), 50))
                    .orThrow()
                    .items())
            .singleElement()
            .satisfies(
                row -> {
                  assertThat(row.counts().requests()).isEqualTo(1);
                  assertThat(row.account().ref()).isEqualTo(SERVICE);
                });
      }
    }
  }

  private static void write(Claviger claviger, Actor root, Endpoint endpoint) {
    InstanceWrite fields =
        InstanceFields.none()
            .from("_system/openai-small")
            .endpoint(endpoint.url())
            .keyPolicy(new KeyPolicy(false, true, false))
            .write();
    assertThat(claviger.instances().put(root, SERVICE, Precondition.NONE, fields))
        .isInstanceOf(Outcome.Done.class);
  }

  private static ConnectionStatus checked(Claviger claviger, Actor actor) {
    return switch (claviger.connectionChecks().check(actor, SERVICE)) {
      case ConnectionChecks.CheckOutcome.Checked checked -> checked.check().status();
      case ConnectionChecks.CheckOutcome.Limited limited ->
          throw new IllegalStateException("too many checks: wait " + limited.retryAfter());
      case ConnectionChecks.CheckOutcome.Refused refused ->
          throw new IllegalStateException(refused.why().code());
    };
  }

  private static ModelConfigCommand model() {
    return new ModelConfigCommand(
        new ModelWrite(
            FieldWrites.NONE
                .with(DefinitionFields.PROVIDER, Field.of(Provider.OPENAI))
                .with(DefinitionFields.MODEL, Field.of(new ModelName("text-embedding-3-small")))
                .with(CommonFields.DISPLAY_NAME, Field.of(new DisplayName("Small")))),
        Field.absent(),
        Field.absent());
  }
}
