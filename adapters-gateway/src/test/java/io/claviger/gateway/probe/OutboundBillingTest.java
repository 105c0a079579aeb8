package io.claviger.gateway.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.claviger.application.bills.BillingCalls;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.BillingCheck.Checked;
import io.claviger.application.bills.port.ProviderBilling.Reading;
import io.claviger.application.fakes.InMemoryBillingCredentials;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.formats.BillingApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.stub.Behaviour;
import io.claviger.stub.ProviderLedger.Entry;
import io.claviger.stub.ProviderLedger.Fee;
import io.claviger.stub.RecordedRequest;
import io.claviger.stub.StubProvider;
import io.claviger.stub.UsageLie;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Figures of a stub that bills, over sockets. */
final class OutboundBillingTest {
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(0, 1));
  private static final Account ACCOUNT = new Account(SERVICE, new User.Id(SERVICE.value()));
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final LocalDate FROM = LocalDate.of(2026, 11, 18);
  private static final LocalDate TO = LocalDate.of(2026, 11, 22);
  private static final Instant NOW = Instant.parse("2026-11-23T01:00:00Z");

  @AutoClose private final StubProvider stub = StubProvider.start();

  @AutoClose
  private final OutboundProbe probe =
      OutboundProbe.start(
          OutboundSettings.strict().withAllowedPrivateHosts(AllowedPrivateHosts.of("127.0.0.1")));

  private final InMemoryBillingCredentials store = new InMemoryBillingCredentials();
  private final InMemorySealer sealer = InMemorySealer.withOneKey();
  private final OutboundBilling billing = billing(probe);

  private OutboundBilling billing(OutboundProbe over) {
    return new OutboundBilling(new BillingCalls(store, sealer), over, InstantSource.fixed(NOW));
  }

  @BeforeEach
  void bill() {
    stub.ledger()
        .add(
            entry(
                "2026-11-18T00:00:00Z",
                "standard",
                Map.of("input", 10L, "cached", 5L, "written_5m", 3L, "output", 7L),
                "0.0000000123"));
    stub.ledger().add(entry("2026-11-18T23:59:59Z", "standard", Map.of("input", 1L), "0.25"));
    stub.ledger().add(entry("2026-11-22T12:00:00Z", "batch", Map.of("output", 2L), "1"));
    stub.ledger().add(entry("2026-11-23T00:00:00Z", "standard", Map.of("input", 9L), "9"));
  }

  private static Entry entry(String at, String tier, Map<String, Long> tokens, String dollars) {
    return new Entry(
        Instant.parse(at),
        "completions",
        "k-1",
        "parrot",
        tier,
        tokens,
        List.of(new Fee("web_search", "", 2)),
        new BigDecimal(dollars));
  }

  @ParameterizedTest
  @EnumSource
  void the_figures_are_those_of_the_providers_own_bill(BillingApi api) {
    stored(api, "sk-admin-1", Optional.empty());

    ProviderFigures figures = read();

    assertThat(figures.readAt()).isEqualTo(NOW);
    assertThat(figures.usage())
        .extracting(
            BilledUsage::day,
            usage -> usage.tokens().freshInput(),
            usage -> input(usage.tokens()),
            usage -> usage.tokens().output())
        .contains(tuple(FROM, 11L, 19L, 7L), tuple(TO, 0L, 0L, 2L))
        .allMatch(each -> !each.toList().get(0).equals(TO.plusDays(1)));
    assertThat(figures.usage())
        .allSatisfy(
            each -> {
              assertThat(each.model().orElseThrow().value()).isEqualTo("parrot");
              assertThat(each.apiKeyId()).contains(stub.ledger().entries().getFirst().keyId());
            });
    assertThat(
            figures.usage().stream().mapToLong(u -> u.fees().getOrDefault("web_search", 0L)).sum())
        .isEqualTo(6);
    assertThat(figures.costs().stream().mapToLong(BilledCost::amount).sum())
        .isEqualTo(1_250_000_012L);
    assertThat(figures.costs()).allMatch(cost -> cost.currency().equals("USD"));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, proj_stub, true",
    "OPENAI, proj_other, false",
    "ANTHROPIC, wrkspc_stub, true",
    "ANTHROPIC, wrkspc_other, false",
    "ANTHROPIC, default, false"
  })
  void only_the_stated_project_or_workspace_counts(BillingApi api, String scope, boolean some) {
    stored(api, "sk-admin-1", Optional.of(scope));

    ProviderFigures figures = read();

    assertThat(figures.usage().isEmpty()).isNotEqualTo(some);
    assertThat(figures.costs().isEmpty()).isNotEqualTo(some);
  }

  @Test
  void the_key_is_sent_to_nothing_but_the_usage_apis() {
    stored(BillingApi.OPENAI, "sk-admin-1", Optional.empty());
    ProviderFigures unused = read();

    assertThat(stub.requests()).extracting(RecordedRequest::method).containsOnly("GET");
    assertThat(stub.requests())
        .extracting(RecordedRequest::uri)
        .allMatch(uri -> uri.startsWith("/v1/organization/"));
  }

  @ParameterizedTest
  @CsvSource({
    "OTHER_CURRENCY, OTHER_CURRENCY",
    "OTHER_ZONE, OTHER_ZONE",
    "NEGATIVE, AMOUNT_INVALID",
    "INFINITE, AMOUNT_INVALID",
    "SAME_DAY_TWICE, OTHER_DAYS",
    "OTHER_DAY, OTHER_DAYS",
    "SAME_PAGE_AGAIN, BILL_UNREADABLE",
    "ENDLESS_PAGES, BILL_TOO_LARGE",
    "ECHOED_KEY, BILL_UNREADABLE"
  })
  void lies_are_named_and_nothing_is_read(UsageLie lie, BillingFailure why) {
    stub.ledger().setLie(lie);
    for (BillingApi api : BillingApi.values()) {
      stub.clear();
      stored(api, "sk-admin-1", Optional.empty());

      assertThat(billing.read(ACCOUNT, FROM, TO, LIMIT)).isEqualTo(new Reading.Failed(why));
      assertThat(stub.requests()).hasSizeLessThanOrEqualTo(OutboundBilling.MOST_PAGES);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stub-status-401, KEY_REJECTED",
    "stub-status-403, KEY_REJECTED",
    "stub-status-429, RATE_LIMITED",
    "stub-status-500, UNREACHABLE",
    "stub-redirect, UNREACHABLE",
    "stub-reset, UNREACHABLE",
    "stub-lying-length, UNREACHABLE",
    "stub-gzip, BILL_UNREADABLE",
    "stub-echo-key-body, BILL_UNREADABLE",
    "stub-big-4194305, BILL_TOO_LARGE"
  })
  void whatever_is_no_answer_is_named(String behaviour, BillingFailure why) {
    stored(BillingApi.ANTHROPIC, "sk-admin-1", Optional.empty());
    stub.respondNextWith(Behaviour.named(behaviour));

    assertThat(billing.read(ACCOUNT, FROM, TO, LIMIT)).isEqualTo(new Reading.Failed(why));
    assertThat(stub.requests()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void a_service_without_a_credential_or_with_one_that_does_not_open_asks_nobody() {
    assertThat(billing.read(ACCOUNT, FROM, TO, LIMIT))
        .isEqualTo(new Reading.Failed(BillingFailure.NO_CREDENTIAL));
    BillingCredential credential = stored(BillingApi.OPENAI, "sk-admin-1", Optional.empty());
    try (Secret secret = Secret.apiKey("sk-admin-1".getBytes(StandardCharsets.US_ASCII))) {
      boolean unused = store.save(credential, sealer.seal(secret, KeyBinding.ofIssuerKey("k")));
    }

    assertThat(billing.read(ACCOUNT, FROM, TO, LIMIT))
        .isEqualTo(new Reading.Failed(BillingFailure.CREDENTIAL_UNUSABLE));
    assertThat(stub.requests()).isEmpty();
  }

  @Test
  void the_addresses_of_users_services_apply() {
    stored(BillingApi.OPENAI, "sk-admin-1", Optional.empty());
    try (OutboundProbe strict = OutboundProbe.start(OutboundSettings.strict())) {
      assertThat(billing(strict).read(ACCOUNT, FROM, TO, LIMIT))
          .isEqualTo(new Reading.Failed(BillingFailure.ADDRESS_NOT_ALLOWED));
    }
    assertThat(stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "sk-admin-1, , NO",
    "sk-admin-models, , YES",
    "sk-admin-silent, , UNKNOWN",
    "sk-usual, KEY_REJECTED, UNKNOWN"
  })
  void a_key_is_tried_with_one_day_and_once_with_the_models(
      String key, BillingFailure failure, ModelAccess access) {
    BillingCredential credential = stored(BillingApi.ANTHROPIC, key, Optional.empty());
    try (AuthorizedCall call = opened()) {
      assertThat(billing.check(call, credential, FROM))
          .isEqualTo(new Checked(Optional.ofNullable(failure), access));
    }
    assertThat(stub.requests().stream().filter(request -> request.uri().contains("/models")))
        .hasSize(failure == null ? 1 : 0);
  }

  private AuthorizedCall opened() {
    return ((BillingCalls.Opened.Ready) new BillingCalls(store, sealer).open(ACCOUNT)).call();
  }

  private ProviderFigures read() {
    Reading reading = billing.read(ACCOUNT, FROM, TO, LIMIT);
    assertThat(reading).isInstanceOf(Reading.Read.class);
    return ((Reading.Read) reading).figures();
  }

  private BillingCredential stored(BillingApi api, String key, Optional<String> scope) {
    BillingCredential credential =
        new BillingCredential(
            new BillingCredential.Id(new UUID(0, 2)),
            SERVICE,
            api,
            Endpoint.of(stub.baseUrl() + (api == BillingApi.OPENAI ? "/v1" : "")),
            true,
            scope,
            Optional.empty(),
            ModelAccess.NO,
            NOW);
    try (Secret secret = Secret.apiKey(key.getBytes(StandardCharsets.US_ASCII))) {
      boolean unused =
          store.save(credential, sealer.seal(secret, KeyBinding.ofBillingCredential(credential)));
    }
    return credential;
  }

  private static long input(BilledUsage.Tokens tokens) {
    return tokens.freshInput()
        + tokens.cachedInput()
        + tokens.cacheWrite5m()
        + tokens.cacheWrite1h();
  }
}
