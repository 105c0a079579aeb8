package io.claviger.application.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AToken;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.routing.ModelRouting.ListedModel;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.application.routing.ModelRouting.RoutingQuestion;
import io.claviger.application.routing.ModelRouting.RoutingRequest;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Questions of Alice and Bob about the names of models. */
final class Questions {
  final Wiring w = new Wiring();
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final TokenText alices = w.stored(AToken.of(alice).build());
  final TokenText bobs = w.stored(AToken.of(bob).build());

  static RoutingRequest asked(TokenText token, RoutingQuestion<?> asked) {
    return new RoutingRequest(
        token, WireFormat.OPENAI, asked, new CallerOrigin("192.0.2.8"), "request-8");
  }

  /** A new token of Alice's for embeddings alone. */
  TokenText embedding() {
    Limits only =
        new Limits(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Set.of(new Operation("POST embeddings"))));
    return w.stored(AToken.of(alice).limits(only).build());
  }

  /** A new token of Alice's for one request a minute, which a call of a service has used. */
  TokenText exhausted(Instance service) {
    Limits one = new Limits(Optional.of(1), Optional.empty(), Optional.empty());
    TokenText token = w.stored(AToken.of(alice).limits(one).build());
    AuthorizationOutcome used = calling(token, service);
    assertThat(used).isInstanceOf(AuthorizationOutcome.Authorized.class);
    used.close();
    return token;
  }

  private AuthorizationOutcome calling(TokenText token, Instance service) {
    return w.callAuthorization.authorize(
        CallRequest.ofWhole(
            token,
            new CallTarget.Service(service.ref()),
            "POST",
            "embeddings",
            new CallerOrigin("192.0.2.8"),
            "request-7"));
  }

  RoutingDecision ask(TokenText token, String model) {
    return w.modelRouting.answer(asked(token, new RoutingQuestion.Model(model)));
  }

  Optional<RoutingDecision> atOnce(TokenText token, String model) {
    return w.modelRouting.answerAtOnce(asked(token, new RoutingQuestion.Model(model)));
  }

  /** The service and model to which a name leads: {@code alice/s gpt-4o}; or {@code nowhere}. */
  String lead(TokenText token, String model) {
    return shown(ask(token, model));
  }

  static String shown(RoutingDecision answer) {
    if (answer instanceof RoutingDecision.Routed routed) {
      return routed.targets().get(0).callTarget() instanceof CallTarget.Service service
          ? service.ref() + " " + routed.targets().get(0).model()
          : "a project " + routed.targets().get(0).model();
    }
    assertThat(answer).isInstanceOf(RoutingDecision.Unknown.class);
    return "nowhere";
  }

  List<String> names(TokenText token) {
    return listed(token).stream().map(ListedModel::name).toList();
  }

  List<ListedModel> listed(TokenText token) {
    RoutingDecision answer = w.modelRouting.answer(asked(token, new RoutingQuestion.Models()));
    assertThat(answer).isInstanceOf(RoutingDecision.Listed.class);
    return ((RoutingDecision.Listed) answer).models();
  }

  /** Moves the clock a little and lets the node read all changes. */
  void refresh() {
    w.nanos.advance(Duration.ofMillis(1));
    w.memory.refresh();
  }
}
