package io.claviger.inprocess;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.accounts.Users.NewUser;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.persistence.Schema;
import io.claviger.persistence.SchemaName;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A program with its own gateway, which authorizes calls and ends them. */
@Tag("slow")
class SentCallsTest {
  private static final String KEY = "an-encryption-key-of-a-program-with-a-gateway";
  private static final SchemaName FIRST = new SchemaName("first");
  private static final Instance.Ref SERVICE = Instance.Ref.of("alice/service");
  private static final UsageModel MODEL = new UsageModel("text-embedding-3-small");
  private static final RequestedUse ASKED =
      RequestedUse.once(MODEL, OperationKind.INPUT, 100, OptionalLong.empty(), Optional.empty());

  /**
   * The maximum number of tokens of a body with at most 100 bytes, including tokens that the
   * provider may add.
   */
  private static final long AT_MOST = 2100;

  private static final long BUDGET = 3200;

  private final TestDatabase database =
      PostgresForTests.migrated("first", source -> new Schema(source, FIRST).migrate());
  private final HikariDataSource pool = pool();
  private final Claviger claviger = Claviger.on(pool, FIRST, KEY);
  private TokenText token = TokenText.of(new byte[64]);

  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.setMaximumPoolSize(4);
    return new HikariDataSource(config);
  }

  @BeforeEach
  void lend() {
    for (String handle : List.of("alice", "bob")) {
      claviger.users().create(claviger.root(), NewUser.of(handle)).orThrow();
    }
    Actor alice = claviger.as("alice");
    try (Secret key = Secret.apiKey("sk-of-a-program-with-a-gateway".getBytes(US_ASCII))) {
      claviger
          .instances()
          .put(
              alice,
              SERVICE,
              Precondition.NONE,
              InstanceFields.none().from("_system/openai-small").apiKey(key).write())
          .orThrow();
    }
    Budget tokens =
        new Budget(
            BUDGET,
            BudgetUnit.TOKENS,
            BudgetWindow.MONTH,
            BudgetZone.UTC,
            BudgetBound.STRICT,
            false);
    claviger
        .sharing()
        .share(
            alice,
            SERVICE,
            GranteeName.user(claviger.as("bob").handle()),
            Precondition.NONE,
            Share.Terms.reader().with(Limits.of(new Budgets(List.of(tokens)))))
        .orThrow();
    token =
        claviger
            .accessTokens()
            .issue(
                claviger.as("bob"),
                claviger.as("bob").handle(),
                new NewToken(
                    new TokenName("gateway"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Limits.NONE,
                    false))
            .orThrow()
            .text();
  }

  @AfterEach
  void drop() {
    claviger.close();
    pool.close();
    database.close();
  }

  private AuthorizationOutcome authorize() {
    return claviger
        .callAuthorization()
        .authorize(
            CallRequest.ofHead(
                    token,
                    new CallTarget.Service(SERVICE),
                    "POST",
                    "embeddings",
                    new CallerOrigin("192.0.2.8"),
                    "request")
                .withBodyRead(BodyUse.of(ASKED)));
  }

  private AuthorizedCall permitted() {
    AuthorizationOutcome outcome = authorize();
    assertThat(outcome).isInstanceOf(AuthorizationOutcome.Authorized.class);
    return ((AuthorizationOutcome.Authorized) outcome).call();
  }

  private static SentCall sent(long tokens) {
    return new SentCall(
        Optional.of(ASKED),
        CallUse.of(TokenUsage.stated(tokens, 0, TokenParts.NONE), CallUse.Evidence.STATED),
        false,
        100,
        2000);
  }

  /** Returns the stored usage. Closing Claviger stores all usage. */
  private UsageCounts usage() {
    claviger.close();
    try (Claviger next = Claviger.on(pool, FIRST, KEY)) {
      return next
          .usage()
          .list(next.as("bob"), UsageFilter.NONE, PageRequest.first())
          .orThrow()
          .items()
          .stream()
          .map(line -> line.counts())
          .reduce(UsageCounts.NONE, UsageCounts::plus);
    }
  }

  @Test
  void a_finished_call_is_charged_and_counted() {
    claviger.finish(permitted(), sent(1000));
    claviger.finish(permitted(), sent(900));

    assertThat(authorize())
        .isInstanceOfSatisfying(
            AuthorizationOutcome.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(CallRefusal.BUDGET_EXHAUSTED));
    UsageCounts usage = usage();
    assertThat(usage.requests()).isEqualTo(2);
    assertThat(usage.inputTokens()).isEqualTo(1900);
    assertThat(usage.bytesOut()).isEqualTo(4000);
  }

  @Test
  void an_answer_that_states_too_much_is_charged_what_was_asked() {
    claviger.finish(permitted(), sent(1_000_000));

    assertThat(usage().inputTokens()).isBetween(1L, AT_MOST);
  }

  @Test
  void a_call_that_was_not_sent_costs_nothing() {
    for (int n = 0; n < 5; n++) {
      permitted().close();
    }
    claviger.finish(permitted(), sent(1000));

    assertThat(usage().requests()).isEqualTo(1);
  }

  @Test
  void a_call_that_ends_after_the_close_leaves_no_secret() {
    AuthorizedCall call = permitted();
    Secret key = call.key().orElseThrow();
    assertThat(key.isSameAs(key)).isTrue();
    claviger.close();

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> claviger.finish(call, sent(1)))
        .withMessage("this Claviger is closed");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> key.isSameAs(key))
        .withMessage("the secret was wiped");
  }

  @Test
  void sizes_are_not_negative() {
    CallUse use = sent(1).use();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new SentCall(Optional.empty(), use, false, -1, 0));
  }
}
