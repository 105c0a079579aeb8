package io.claviger.architecture;

import static io.claviger.architecture.ProductionCode.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.WireFormat;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  private static final String ROOT = "io.claviger";

  /** Who may open a secret, and what for. */
  static final Set<String> OPENERS =
      Set.of(
          // Packs header values to be sealed together, and unpacks them.
          "io.claviger.domain.keys.CustomHeaders",
          // Copies minted tokens, one for each call, and finds out whether they can be sent.
          "io.claviger.application.credentials.HeldToken",
          "io.claviger.application.credentials.MintedCredentials",
          // Reads a change that waited, in which a new key is sealed once more.
          "io.claviger.application.approvals.ApprovalGate",
          // Recognizes key files by their beginning.
          "io.claviger.application.instances.CredentialWrite",
          // Seals.
          "io.claviger.custody.TinkSealer",
          // Signs statements about services.
          "io.claviger.custody.RsaStatementSigner",
          "io.claviger.custody.OutsideStatementSigner",
          // Signs heads of the audit trail.
          "io.claviger.custody.Ed25519HeadSigner",
          // Makes the names of callers.
          "io.claviger.domain.keys.NamingKey",
          // Sends keys to providers, and masks them in what comes back.
          "io.claviger.gateway.wire.HeadWriter",
          "io.claviger.gateway.relay.KeyAttachment",
          "io.claviger.gateway.relay.RequestHead",
          "io.claviger.gateway.redact.CallSecretRedactor",
          // Signs messages.
          "io.claviger.gateway.webhooks.WebhookRequest",
          // Sends the client's secret and refresh tokens to the identity provider.
          "io.claviger.oidc.NimbusSecrets",
          // Sends what tokens are made from to token URLs.
          "io.claviger.credentials.CredentialSecrets",
          // Copies the operator's own keys for one call.
          "io.claviger.wiring.OperatorSecrets");

  /** Who may ask for the address of a name, or of what may turn out to be one. */
  static final Set<String> RESOLVERS =
      Set.of(
          // Resolves the endpoints of services, away from event loops.
          "io.claviger.gateway.egress.AddressResolver",
          // Shows the operator what their own setting opens.
          "io.claviger.bootstrap.doctor.PrivateHostsExamination",
          // The listeners listen on the host that the operator set, and look the host up once, at
          // the start.
          "io.claviger.bootstrap.node.Listeners",
          "io.claviger.gateway.ListeningSocket",
          // Names the node by its own host.
          "io.claviger.wiring.node.NodeName");

  /** Who acts for users and begins transactions, and what for. */
  static final Set<String> BEGINNERS =
      Set.of(
          // Begins them for all others.
          "io.claviger.application.shared.AuditedChanges",
          // Reads, and lets changes lapse for which nobody consented.
          "io.claviger.application.approvals.ApprovalUseCases",
          // Verifies and exports the trail for operators.
          "io.claviger.application.audit.AuditChainUseCases",
          // Issues tokens after the user was locked.
          "io.claviger.application.oauth.DeviceCodeRedemption",
          // Deletes old reviews.
          "io.claviger.application.reviews.ReviewUseCases");

  @Test
  void every_class_belongs_to_a_layer_and_depends_inwards() {
    Rules.layers(ROOT).check(CLASSES);
  }

  @Test
  void the_domain_knows_the_jdk_only() {
    Rules.domainKnowsTheJdkOnly(ROOT).check(CLASSES);
  }

  @Test
  void the_application_knows_the_domain_only() {
    Rules.applicationKnowsTheDomainOnly(ROOT).check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "domain",
        "application",
        "persistence",
        "web",
        "gateway",
        "oidc",
        "credentials",
        "client",
        "imports",
        "wiring",
        "inprocess",
        "bootstrap",
        "stub"
      })
  void features_are_free_of_cycles(String layer) {
    Rules.featuresAreFreeOfCycles(ROOT + "." + layer).allowEmptyShould(true).check(CLASSES);
  }

  @Test
  void out_ports_do_not_know_their_feature() {
    Rules.outPortsDoNotKnowTheirFeature(ROOT).check(CLASSES);
  }

  @Test
  void implementations_of_features_are_not_public() {
    Rules.implementationsAreNotPublic(ROOT).check(CLASSES);
  }

  @Test
  void short_constructors_of_records_are_not_for_tests_alone() {
    Rules.shortConstructorsAreNotForTestsAlone().check(CLASSES);
  }

  @Test
  void names_say_what_things_are() {
    Rules.namesSayWhatThingsAre().check(CLASSES);
  }

  @Test
  void each_name_means_one_thing() {
    Rules.eachNameMeansOneThing().check(CLASSES);
  }

  @Test
  void only_these_open_a_secret() {
    Rules.secretsAreOpenedBy(OPENERS).check(CLASSES);
  }

  @Test
  void each_of_the_named_openers_exists() {
    Set<String> missing = new TreeSet<>(OPENERS);
    CLASSES.forEach(c -> missing.remove(c.getName()));

    assertThat(missing).isEmpty();
  }

  @Test
  void users_change_only_what_is_audited() {
    Rules.usersChangeOnlyWhatIsAudited(BEGINNERS).check(CLASSES);
  }

  @Test
  void each_of_the_named_beginners_exists() {
    Set<String> missing = new TreeSet<>(BEGINNERS);
    CLASSES.forEach(c -> missing.remove(c.getName()));

    assertThat(missing).isEmpty();
  }

  @Test
  void technology_stays_in_its_adapter() {
    Rules.technologyStaysInItsAdapter(
            ROOT, "persistence", "org.springframework.jdbc..", "org.flywaydb..")
        .check(CLASSES);
    Rules.technologyStaysInItsAdapter(ROOT, "console", "gg.jte..").check(CLASSES);
    Rules.technologyStaysInItsAdapter(ROOT, "web", "io.javalin..", "org.eclipse.jetty..")
        .check(CLASSES);
    Rules.technologyStaysInItsAdapter(ROOT, "gateway", "io.netty..").check(CLASSES);
    Rules.technologyStaysInItsAdapter(
            ROOT, "[oidc|credentials]", "com.nimbusds..", "org.apache.hc..")
        .check(CLASSES);
    Rules.technologyStaysInItsAdapter(ROOT, "custody", "com.google.crypto..").check(CLASSES);
  }

  @Test
  void only_these_look_names_up() {
    Rules.namesAreLookedUpBy(RESOLVERS).check(CLASSES);
  }

  @Test
  void each_of_the_named_resolvers_exists() {
    Set<String> missing = new TreeSet<>(RESOLVERS);
    CLASSES.forEach(c -> missing.remove(c.getName()));

    assertThat(missing).isEmpty();
  }

  /** What depends on a format stands in its class. Providers say which one they speak. */
  @Test
  void formats_are_not_compared() {
    Rules.formatsAreNotCompared(Set.of(Provider.class.getName(), WireFormat.class.getName()))
        .check(CLASSES);
  }

  @Test
  void operations_return_an_outcome() {
    Rules.operationsReturnAnOutcome(ROOT).check(CLASSES);
  }
}
