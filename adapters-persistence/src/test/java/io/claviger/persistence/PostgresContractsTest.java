package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.contracts.AccessTokensContract;
import io.claviger.application.contracts.ActivityContract;
import io.claviger.application.contracts.ApiStandardsContract;
import io.claviger.application.contracts.AssignedLimitsContract;
import io.claviger.application.contracts.AuditEventsContract;
import io.claviger.application.contracts.AuditTrailContract;
import io.claviger.application.contracts.BareNamesContract;
import io.claviger.application.contracts.BorrowRequestsContract;
import io.claviger.application.contracts.BudgetLedgerContract;
import io.claviger.application.contracts.CallContextsContract;
import io.claviger.application.contracts.ChangeFeedContract;
import io.claviger.application.contracts.ChangeSubjectsContract;
import io.claviger.application.contracts.ClientSecretsContract;
import io.claviger.application.contracts.ConnectionsContract;
import io.claviger.application.contracts.DefaultServicesContract;
import io.claviger.application.contracts.DefinitionSharesContract;
import io.claviger.application.contracts.DefinitionsContract;
import io.claviger.application.contracts.DeviceCodesContract;
import io.claviger.application.contracts.EncryptionKeysContract;
import io.claviger.application.contracts.GroupsContract;
import io.claviger.application.contracts.IdsContract;
import io.claviger.application.contracts.InstanceListsContract;
import io.claviger.application.contracts.InstancesContract;
import io.claviger.application.contracts.ModelConfigsContract;
import io.claviger.application.contracts.ModelListsContract;
import io.claviger.application.contracts.ModelServicesContract;
import io.claviger.application.contracts.ModelTargetsContract;
import io.claviger.application.contracts.NamesContract;
import io.claviger.application.contracts.NeedyInstancesContract;
import io.claviger.application.contracts.NodesContract;
import io.claviger.application.contracts.ObjectCountsContract;
import io.claviger.application.contracts.PaceLeasesContract;
import io.claviger.application.contracts.PermitLeasesContract;
import io.claviger.application.contracts.ProjectSharesContract;
import io.claviger.application.contracts.ProjectsContract;
import io.claviger.application.contracts.ProvidersContract;
import io.claviger.application.contracts.RefreshTokensContract;
import io.claviger.application.contracts.RejectedKeysContract;
import io.claviger.application.contracts.RoutingContextsContract;
import io.claviger.application.contracts.ScimContract;
import io.claviger.application.contracts.SealedValuesContract;
import io.claviger.application.contracts.SessionsContract;
import io.claviger.application.contracts.SharesContract;
import io.claviger.application.contracts.SignInsContract;
import io.claviger.application.contracts.SyncedGroupsContract;
import io.claviger.application.contracts.TransactionsContract;
import io.claviger.application.contracts.TrustsContract;
import io.claviger.application.contracts.UsageModelsContract;
import io.claviger.application.contracts.UsageStoreContract;
import io.claviger.application.contracts.UserKeysContract;
import io.claviger.application.contracts.UsersContract;
import io.claviger.application.contracts.WebhooksContract;
import io.claviger.application.fakes.Ports;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Runs the contract tests of the ports on PostgreSQL. */
@Order(1)
final class PostgresContractsTest {
  @AutoClose private static final PostgresPorts PORTS = new PostgresPorts();

  @Nested
  final class JdbcNames extends NamesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcObjectCounts extends ObjectCountsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcBorrowRequests extends BorrowRequestsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcUsers extends UsersContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcAccessTokens extends AccessTokensContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcApiStandards extends ApiStandardsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcProviders extends ProvidersContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcDefinitions extends DefinitionsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcInstances extends InstancesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcNeedyInstances extends NeedyInstancesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcInstanceLists extends InstanceListsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcShares extends SharesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcDefinitionShares extends DefinitionSharesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcProjects extends ProjectsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcGroups extends GroupsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcAssignedLimits extends AssignedLimitsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcProjectShares extends ProjectSharesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcUserKeys extends UserKeysContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcModelServices extends ModelServicesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcDefaultServices extends DefaultServicesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcModelConfigs extends ModelConfigsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcEncryptionKeys extends EncryptionKeysContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcAuditTrail extends AuditTrailContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcAuditEvents extends AuditEventsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcTransactions extends TransactionsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcCallContexts extends CallContextsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcChanges extends ChangeFeedContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  /** Lets time pass by moving all stored times into the past. */
  private static void makeEarlier(String table, String column, Duration time) {
    int unused =
        PORTS
            .sql()
            .sql(
                "update %s set %s = %2$s - make_interval(secs => :seconds)"
                    .formatted(table, column))
            .param("seconds", time.toMillis() / 1000.0)
            .update();
  }

  @Nested
  final class JdbcPermitLeases extends PermitLeasesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }

    @Override
    protected void pass(Duration time) {
      makeEarlier("permit_leases", "ends_at", time);
    }
  }

  @Nested
  final class JdbcPaceLeases extends PaceLeasesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }

    @Override
    protected void pass(Duration time) {
      makeEarlier("token_leases", "ends_at", time);
      makeEarlier("token_debts", "tried_at", time);
      makeEarlier("place_leases", "ends_at", time);
    }
  }

  /** Budgets in a database, whose clock goes right again after each test. */
  abstract static class LedgerOnPostgres extends BudgetLedgerContract {
    private Duration passed = Duration.ZERO;

    abstract PostgresPorts onPostgres();

    @Override
    protected Ports freshPorts() {
      return onPostgres().emptied();
    }

    @AfterEach
    void letNoTimeHavePassed() {
      pass(passed.negated());
    }

    @Override
    protected void pass(Duration time) {
      passed = passed.plus(time);
      BudgetClock.shift(onPostgres().sql(), passed);
    }

    @Override
    protected void raise(BudgetAccount account, long amount, Duration time) {
      BudgetClock.raise(onPostgres().sql(), account, amount, time);
    }
  }

  @Nested
  final class JdbcBudgetLedger extends LedgerOnPostgres {
    @Override
    PostgresPorts onPostgres() {
      return PORTS;
    }
  }

  @Nested
  final class JdbcUsage extends UsageStoreContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcUsageByModel extends UsageModelsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }

    /**
     * If new lines named models, one user with many services could add millions of lines on a day.
     */
    @Test
    void new_lines_of_a_caller_with_very_many_lines_name_no_model() {
      User dora = user("dora");
      Instance service = stored(AnInstance.of(dora, "s").build());
      UsageRow old = AUsage.of(dora, service).model(UsageModel.called("old")).build();
      UsageRow fresh = AUsage.of(dora, service).model(UsageModel.called("fresh")).build();
      UsageRow ofAnother =
          AUsage.of(user("erik"), service).model(UsageModel.called("fresh")).build();
      UsageRow nextDay =
          AUsage.of(dora, service)
              .model(UsageModel.called("fresh"))
              .on(AUsage.DAY.plusDays(1))
              .build();
      ports.usage().add(UsageBatch.alone(List.of(old)));
      addLines(CountedModel.MOST_LINES - 3);
      ports.usage().add(UsageBatch.alone(List.of(fresh)));
      assertThat(models()).containsEntry(dora.handle() + " fresh", 1L);

      UsageRow late = AUsage.of(dora, service).model(UsageModel.called("late")).build();
      UsageRow tooLate = AUsage.of(dora, service).model(UsageModel.called("too-late")).build();
      Instance lent = stored(AnInstance.of(user("frida"), "s").build());
      UsageRow atAnother = AUsage.of(dora, lent).model(UsageModel.called("lent")).build();
      ports
          .usage()
          .add(UsageBatch.alone(List.of(old, fresh, late, tooLate, atAnother, ofAnother, nextDay)));

      assertThat(models())
          .isEqualTo(
              Map.ofEntries(
                  Map.entry("dora old", 2L),
                  Map.entry("dora fresh", 3L),
                  Map.entry("dora late", 1L),
                  Map.entry("dora other", 1L),
                  Map.entry("dora lent", 1L),
                  Map.entry("erik fresh", 1L)));
    }

    /** Adds copies of the only line, at other prices. */
    private void addLines(int count) {
      assertThat(
              PORTS
                  .sql()
                  .sql(
                      """
                      insert into usage_daily
                      select copied.*
                      from usage_daily u, generate_series(1, :count) n,
                        jsonb_populate_record(u, jsonb_build_object(
                          'price_version', n, 'callers_price_version', n)) copied
                      """)
                  .param("count", count)
                  .update())
          .isEqualTo(count);
    }

    private Map<String, Long> models() {
      Map<String, Long> found = new HashMap<>();
      PORTS
          .sql()
          .sql(
              """
              select user_handle || ' ' || model as line, sum(requests) as requests
              from usage_daily where price_version = 0 group by 1
              """)
          .query(
              rs -> {
                Long unused = found.put(rs.getString("line"), rs.getLong("requests"));
              });
      return found;
    }
  }

  @Nested
  final class UuidV7 extends IdsContract {
    @Override
    protected Ids newIds() {
      return new UuidV7Ids(InstantSource.system());
    }
  }

  @Nested
  final class JdbcNodes extends NodesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }

    @Test
    void a_node_that_ended_while_the_clock_was_ahead_is_not_live() {
      EncryptionKeyId key = new EncryptionKeyId("0000000a");
      NodeKeys keys = new NodeKeys("one:8080", Set.of(key), key);
      ports.nodes().heartbeat(new UUID(0, 1), keys);
      int moved = PORTS.sql().sql("update nodes set seen_at = seen_at + interval '1 day'").update();
      assertThat(moved).isEqualTo(1);

      assertThat(ports.nodes().live()).isEmpty();
      ports.nodes().heartbeat(new UUID(0, 1), keys);
      assertThat(ports.nodes().live()).containsExactly(keys);
    }

    @Test
    void only_a_node_that_is_not_live_is_removed() {
      EncryptionKeyId key = new EncryptionKeyId("0000000a");
      ports.nodes().heartbeat(new UUID(0, 1), new NodeKeys("one:8080", Set.of(key), key));
      String age = "update nodes set seen_at = clock_timestamp() - interval '%d seconds'";
      assertThat(PORTS.sql().sql(age.formatted(10)).update()).isEqualTo(1);
      assertThat(ports.nodes().unregisterUnlessLive(new UUID(0, 1))).isFalse();

      assertThat(PORTS.sql().sql(age.formatted(21)).update()).isEqualTo(1);
      assertThat(ports.nodes().unregisterUnlessLive(new UUID(0, 1))).isTrue();
      assertThat(ports.nodes().all()).isEmpty();
    }
  }

  @Nested
  final class JdbcSealedValues extends SealedValuesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcRoutingContexts extends RoutingContextsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcBareNames extends BareNamesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcModelTargets extends ModelTargetsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcModelLists extends ModelListsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }

    @Test
    void of_many_nodes_one_asks_soon_after_the_clock_was_ahead() {
      Instance service = AnInstance.of(user("carol"), "ahead").build();
      ports.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
      ListOf list = new ListOf(service.id(), Optional.empty());
      Duration minute = Duration.ofMinutes(1);
      assertThat(ports.modelLists().claim(list, minute)).isTrue();
      int moved =
          PORTS.sql().sql("update model_lists set asked_at = asked_at + interval '1 day'").update();
      assertThat(moved).isEqualTo(1);

      assertThat(ports.modelLists().due(List.of(list), minute, 4)).containsExactly(list);
      assertThat(Race.of(16, n -> ports.modelLists().claim(list, minute), 1))
          .containsOnlyOnce(true);
    }
  }

  @Nested
  final class JdbcClientSecretsOnly extends ClientSecretsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcActivityOnly extends ActivityContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcConnectionsOnly extends ConnectionsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }

    @Test
    void a_node_that_was_silent_still_learns_which_connections_to_end() {
      UUID node = new UUID(1, 1);
      assertThat(store().report(node, "one", two(), List.of())).isEmpty();
      assertThat(store().end(new UUID(0, 2), all())).isTrue();
      pass(Duration.ofMinutes(2));
      assertThat(ids(all())).isEmpty();
      assertThat(store().removeOld()).isOne();

      assertThat(store().report(node, "one", two(), List.of())).containsExactly(new UUID(0, 2));
      pass(Duration.ofDays(2));
      assertThat(store().removeOld()).isEqualTo(2);
    }

    @Test
    void connections_of_a_node_that_ended_while_the_clock_was_ahead_are_not_listed() {
      UUID node = new UUID(1, 1);
      assertThat(store().report(node, "one", two(), List.of())).isEmpty();
      pass(Duration.ofDays(-1));
      assertThat(ids(all())).isEmpty();

      assertThat(store().report(node, "one", two(), List.of())).isEmpty();
      assertThat(ids(all())).hasSize(2);
    }

    private static void pass(Duration time) {
      int unused =
          PORTS
              .sql()
              .sql("update open_connections set seen_at = seen_at - :time * interval '1 second'")
              .param("time", time.toSeconds())
              .update();
    }
  }

  @Nested
  final class JdbcRejectedKeysOnly extends RejectedKeysContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcScim extends ScimContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcTrustsAndIssuers extends TrustsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcWebhooksAndMessages extends WebhooksContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }

    @Override
    protected void write(Webhook.Id webhook, WebhookMessage message) {
      OutboxRows.write(PORTS.sql(), webhook, message);
    }
  }

  @Nested
  final class JdbcSessionsAndIdentities extends SessionsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcDeviceCodes extends DeviceCodesContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcRefreshTokens extends RefreshTokensContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcSignIns extends SignInsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcSyncedGroups extends SyncedGroupsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }

  @Nested
  final class JdbcChangeSubjects extends ChangeSubjectsContract {
    @Override
    protected Ports freshPorts() {
      return PORTS.emptied();
    }
  }
}
