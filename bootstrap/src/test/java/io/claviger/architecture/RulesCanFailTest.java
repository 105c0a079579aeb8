package io.claviger.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks each rule with classes that break it. Without this test, a rule with a misspelt package
 * would never fail.
 */
class RulesCanFailTest {
  private static final String ROOT = "io.claviger.architecture.broken";
  private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(ROOT);

  @ParameterizedTest
  @MethodSource("rules")
  void a_house_that_breaks_the_rule_is_refused(Breach breach) {
    assertThatThrownBy(() -> breach.rule().check(BROKEN))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(breach.culprit());
  }

  static Stream<Named<Breach>> rules() {
    return Stream.of(
        breach("outside of all layers", Rules.layers(ROOT), "Stray"),
        breach("the domain knows the web", Rules.layers(ROOT), "KnowsTheWeb"),
        breach("an adapter knows another", Rules.layers(ROOT), "KnowsAnotherAdapter"),
        breach(
            "the domain knows more than the JDK", Rules.domainKnowsTheJdkOnly(ROOT), "KnowsTheWeb"),
        breach(
            "a framework in the application",
            Rules.applicationKnowsTheDomainOnly(ROOT),
            "ThingOperations"),
        breach("features in a circle", Rules.featuresAreFreeOfCycles(ROOT + ".domain"), "Chicken"),
        breach(
            "an out-port that knows its feature",
            Rules.outPortsDoNotKnowTheirFeature(ROOT),
            "KnowsItsFeature"),
        breach(
            "a public implementation", Rules.implementationsAreNotPublic(ROOT), "ThingOperations"),
        breach(
            "a constructor for tests alone", Rules.shortConstructorsAreNotForTestsAlone(), "Nest"),
        breach("a name that says nothing", Rules.namesSayWhatThingsAre(), "PageManager"),
        breach("a name that another has", Rules.eachNameMeansOneThing(), "elsewhere.Page"),
        breach(
            "a transaction for a user",
            Rules.usersChangeOnlyWhatIsAudited(Set.of()),
            "ThingOperations.attempt"),
        breach("a secret opened", Rules.secretsAreOpenedBy(Set.of()), "Page.text"),
        breach("a name looked up", Rules.namesAreLookedUpBy(Set.of()), "LooksUp.address"),
        breach("a socket's name looked up", Rules.namesAreLookedUpBy(Set.of()), "LooksUp.socket"),
        breach("a look-up by reference", Rules.namesAreLookedUpBy(Set.of()), "LooksUp.reference"),
        breach(
            "Netty outside of the gateway",
            Rules.technologyStaysInItsAdapter(ROOT, "gateway", "io.netty.."),
            "Page"),
        breach(
            "a comparison with a format", Rules.formatsAreNotCompared(Set.of()), "ComparesFormats"),
        breach("an outcome dropped", Rules.operationsReturnAnOutcome(ROOT), "Things.attempt"));
  }

  private static Named<Breach> breach(String name, ArchRule rule, String culprit) {
    return Named.of(name, new Breach(rule, culprit));
  }

  record Breach(ArchRule rule, String culprit) {}
}
