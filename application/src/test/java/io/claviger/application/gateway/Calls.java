package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AToken;
import io.claviger.application.gateway.CallExplanations.ExplanationQuery;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.instances.InstanceWrites;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.projects.Project;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Calls of Alice, Bob and an administrator through the gateway, and their outcomes. */
final class Calls {
  static final String OPERATION = "POST embeddings";
  static final String OPENAI = "https://api.openai.com/v1";

  final Wiring w = new Wiring();
  final InstanceWrites write = new InstanceWrites(w);
  final User root = w.administrator("root");
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final TokenText alices = w.stored(AToken.of(alice).build());
  final TokenText bobs = w.stored(AToken.of(bob).build());
  final TokenText roots = w.stored(AToken.of(root).build());

  CallAuthorization.AuthorizationOutcome call(TokenText token, Instance service) {
    return call(token, service.ref().toString(), OPERATION);
  }

  CallAuthorization.AuthorizationOutcome call(TokenText token, String ref, String operation) {
    return call(token, new CallTarget.Service(Instance.Ref.of(ref)), operation);
  }

  /** A call through a project. */
  CallAuthorization.AuthorizationOutcome call(TokenText token, Project project) {
    return call(token, new CallTarget.OfProject(project.ref()), OPERATION);
  }

  CallAuthorization.AuthorizationOutcome call(
      TokenText token, CallTarget callTarget, String operation) {
    return w.callAuthorization.authorize(asked(token, callTarget, operation));
  }

  /** The outcome if it can be decided from the cache. */
  Optional<CallAuthorization.AuthorizationOutcome> atOnce(
      TokenText token, CallTarget callTarget, String operation) {
    return w.callAuthorization.authorizeAtOnce(asked(token, callTarget, operation));
  }

  Optional<CallAuthorization.AuthorizationOutcome> atOnce(TokenText token, Instance service) {
    return atOnce(token, new CallTarget.Service(service.ref()), OPERATION);
  }

  Optional<CallAuthorization.AuthorizationOutcome> atOnce(TokenText token, Project project) {
    return atOnce(token, new CallTarget.OfProject(project.ref()), OPERATION);
  }

  static CallAuthorization.CallRequest asked(
      TokenText token, CallTarget callTarget, String operation) {
    String method = operation.substring(0, operation.indexOf(' '));
    String path = operation.substring(operation.indexOf(' ') + 1);
    return CallAuthorization.CallRequest.ofWhole(
        token, callTarget, method, path, new CallerOrigin("192.0.2.8"), "request-8");
  }

  /** Moves the clock a little and lets the node read all changes. */
  void refresh() {
    w.nanos.advance(Duration.ofMillis(1));
    w.memory.refresh();
  }

  /** Makes the node cache what a call depends on, and returns the outcome of the call. */
  CallAuthorization.AuthorizationOutcome remember(TokenText token, CallTarget callTarget) {
    refresh();
    CallAuthorization.AuthorizationOutcome outcome = call(token, callTarget, OPERATION);
    if (outcome instanceof CallAuthorization.AuthorizationOutcome.Authorized authorized) {
      authorized.call().close();
    }
    return outcome;
  }

  CallAuthorization.AuthorizationOutcome remember(TokenText token, Instance service) {
    return remember(token, new CallTarget.Service(service.ref()));
  }

  CallAuthorization.AuthorizationOutcome remember(TokenText token, Project project) {
    return remember(token, new CallTarget.OfProject(project.ref()));
  }

  /** The service as the gateway reads it, with its sealed values. */
  CallContexts.ServiceContext target(Instance service) {
    return w.claviger
        .callContexts()
        .gather(alices.hash(), service.ref(), w.claviger.clock().instant())
        .orElseThrow()
        .target()
        .orElseThrow();
  }

  /** Changes which keys a service may use, as somebody could with SQL. */
  void policy(Instance service, KeyPolicy policy) {
    w.claviger
        .instances()
        .update(
            TamperedInstances.keyPolicy(service, policy),
            new SecretChange.Keep(),
            new SecretChange.Keep());
  }

  /** A call whose head alone has been read. */
  static CallAuthorization.CallRequest head(TokenText token, Instance service, String operation) {
    CallAuthorization.CallRequest known =
        asked(token, new CallTarget.Service(service.ref()), operation);
    return CallAuthorization.CallRequest.ofHead(
        known.token(),
        known.callTarget(),
        known.method(),
        known.path(),
        known.from(),
        known.requestId());
  }

  /** What Alice is told about a call of Bob's to a service of hers. */
  CallExplanation explainedOfBob(Instance service) {
    ExplanationQuery question =
        new ExplanationQuery(Optional.empty(), Optional.empty(), Optional.of(bob.handle()));
    return w.explanations.explain(w.as(alice), service.ref(), question).orThrow();
  }

  static AuthorizedCall authorized(CallAuthorization.AuthorizationOutcome outcome) {
    assertThat(outcome).isInstanceOf(CallAuthorization.AuthorizationOutcome.Authorized.class);
    return ((CallAuthorization.AuthorizationOutcome.Authorized) outcome).call();
  }

  static CallRefusal refusal(CallAuthorization.AuthorizationOutcome outcome) {
    assertThat(outcome).isInstanceOf(CallAuthorization.AuthorizationOutcome.Refused.class);
    return ((CallAuthorization.AuthorizationOutcome.Refused) outcome).why();
  }

  static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }
}
