package io.claviger.application.gateway;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.gateway.port.GatewayClient;
import io.claviger.application.gateway.port.GatewayClient.Ending;
import io.claviger.application.gateway.port.GatewayClient.GatewayRequest;
import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.standards.Standards;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Makes test calls. Each test call has its own access token, which is revoked after the call. */
final class TestCallsByToken implements TestCalls {
  private static final TokenName NAME = new TokenName("Test call");

  /**
   * The lifetime of the token of a test call. The lifetime is short, because the node might die
   * before it has revoked the token.
   */
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(2);

  private static final Duration SOON = Duration.ofSeconds(1);

  private final Instances instances;
  private final Standards standards;
  private final AccessTokens tokens;
  private final GatewayClient gateway;
  private final PriceBook prices;
  private final InstantSource clock;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final Set<User.Id> calling = ConcurrentHashMap.newKeySet();

  TestCallsByToken(
      Instances instances,
      Standards standards,
      AccessTokens tokens,
      GatewayClient gateway,
      PriceBook prices,
      InstantSource clock) {
    this.instances = instances;
    this.standards = standards;
    this.tokens = tokens;
    this.gateway = gateway;
    this.prices = prices;
    this.clock = clock;
  }

  @Override
  public TestCallOutcome call(Actor actor, Instance.Ref service, Optional<ModelName> model) {
    if (!calling.add(actor.id())) {
      return new TestCallOutcome.Limited(SOON);
    }
    try {
      if (!places.tryAcquire()) {
        return new TestCallOutcome.Limited(SOON);
      }
      try {
        return new TestCallOutcome.Called(callOnce(actor, service, model));
      } finally {
        places.release();
      }
    } catch (RefusedException e) {
      return new TestCallOutcome.Refused(e.refusal());
    } finally {
      calling.remove(actor.id());
    }
  }

  private TestCall callOnce(Actor actor, Instance.Ref ref, Optional<ModelName> wanted) {
    actor.demandManage();
    InstanceView view = instances.find(actor, ref).orThrow(RefusedException::new);
    demandUse(actor, view);
    DefinitionFields fields = view.instance().settings().fields();
    WireFormat format =
        standards.find(actor, fields.apiStandard()).orThrow(RefusedException::new).format();
    ModelName model = wanted.orElse(fields.model());
    IssuedToken token =
        tokens.issue(actor, actor.handle(), wanted(actor, ref)).orThrow(RefusedException::new);
    try {
      long began = System.nanoTime();
      GatewayResponse answer =
          gateway.call(
              new GatewayRequest(
                  token.text(),
                  view.instance().ref(),
                  format,
                  fields.provider(),
                  fields.endpoint(),
                  model,
                  fields.dimensions().isPresent(),
                  MOST_TOKENS),
              MOST);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      return new TestCall(model, answer, cost(view, model, answer), took);
    } finally {
      revoke(actor, token.token());
    }
  }

  private static void demandUse(Actor actor, InstanceView view) {
    Instance instance = view.instance();
    Relationship relationship =
        Relationship.of(
            actor.id(), actor.administrator(), instance.owner(), instance.audience(), view.role());
    if (!Permissions.allows(relationship, Action.USE)) {
      throw RefusedException.forbidden(
          "You may see this service but not call it. A test call needs the right to call.");
    }
  }

  private NewToken wanted(Actor actor, Instance.Ref ref) {
    Instant end = clock.instant().plus(TOKEN_LIFE);
    Optional<Instant> own = actor.token().flatMap(AccessToken::expiresAt);
    return new NewToken(
        NAME,
        Optional.of(TokenScope.USE),
        Optional.of(own.filter(end::isAfter).orElse(end)),
        Optional.of(ref),
        Optional.empty(),
        actor.token().map(AccessToken::limits).orElse(Limits.NONE),
        false,
        TokenBinding.NONE,
        true);
  }

  /**
   * Revokes the token of a test call, unless the token's user has already revoked the token or was
   * deleted.
   */
  private void revoke(Actor actor, AccessToken token) {
    io.claviger.application.shared.Outcome<AccessToken.Id> unused =
        tokens.revoke(actor, actor.handle(), token.id());
  }

  private Optional<CallCost> cost(InstanceView view, ModelName model, GatewayResponse answer) {
    if (answer.ending() != Ending.OK) {
      return Optional.empty();
    }
    PricedModel priced =
        new PricedModel(
            view.instance().id(),
            view.instance().settings().fields().provider(),
            new UsageModel(model.value()));
    return prices.find(priced).costOf(answer.usage(), false);
  }
}
