package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.instances.Writing;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.projects.Project;
import io.claviger.testkit.build.AToken;
import java.nio.charset.StandardCharsets;

/** Calls through the gateway, and what became of them. */
final class Calls {
  static final String OPERATION = "POST embeddings";
  static final String OPENAI = "https://api.openai.com/v1";

  final Wiring w = new Wiring();
  final Writing write = new Writing(w);
  final User root = w.administrator("root");
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final TokenText alices = w.stored(AToken.of(alice).build());
  final TokenText bobs = w.stored(AToken.of(bob).build());
  final TokenText roots = w.stored(AToken.of(root).build());

  AuthorizeCall.Outcome call(TokenText token, Instance service) {
    return call(token, service.ref().toString(), OPERATION);
  }

  AuthorizeCall.Outcome call(TokenText token, String ref, String operation) {
    return call(token, new Through.Service(InstanceRef.of(ref)), operation);
  }

  /** A call through a project. */
  AuthorizeCall.Outcome call(TokenText token, Project project) {
    return call(token, new Through.OfProject(project.ref()), OPERATION);
  }

  AuthorizeCall.Outcome call(TokenText token, Through through, String operation) {
    String method = operation.substring(0, operation.indexOf(' '));
    String path = operation.substring(operation.indexOf(' ') + 1);
    return w.gateway
        .authorizeCall()
        .authorize(new AuthorizeCall.Call(token, through, method, path, "192.0.2.8", "request-8"));
  }

  /** The sealed values and the rest as the gateway reads them. */
  CallFacts.Target target(Instance service) {
    return w.claviger
        .callFacts()
        .gather(alices.hash(), service.ref())
        .orElseThrow()
        .target()
        .orElseThrow();
  }

  static Passage passage(AuthorizeCall.Outcome outcome) {
    assertThat(outcome).isInstanceOf(AuthorizeCall.Outcome.Authorized.class);
    return ((AuthorizeCall.Outcome.Authorized) outcome).passage();
  }

  static CallRefusal refusal(AuthorizeCall.Outcome outcome) {
    assertThat(outcome).isInstanceOf(AuthorizeCall.Outcome.Refused.class);
    return ((AuthorizeCall.Outcome.Refused) outcome).why();
  }

  static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }
}
