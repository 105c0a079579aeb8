package io.claviger.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.WireFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules, written so that a test can hold them against code that breaks them. */
final class Rules {
  private static final String[] JDK = {"java..", "javax.crypto.."};
  private static final String JSPECIFY = "org.jspecify.annotations..";
  private static final String CAFFEINE = "com.github.benmanes.caffeine.cache..";

  private Rules() {}

  /**
   * domain ← application ← adapters ← wiring ← in process ← bootstrap. No adapter knows another,
   * except that the console is served by the server of the API, and that token URLs are called with
   * the HTTP client of OpenID Connect.
   */
  static ArchRule layers(String root) {
    return layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("Domain")
        .definedBy(root + ".domain..")
        .layer("Application")
        .definedBy(root + ".application..")
        .layer("Persistence")
        .definedBy(root + ".persistence..")
        .layer("Custody")
        .definedBy(root + ".custody..")
        .layer("Web")
        .definedBy(root + ".web..")
        .layer("Console")
        .definedBy(root + ".console..")
        .layer("Gateway")
        .definedBy(root + ".gateway..")
        .layer("Oidc")
        .definedBy(root + ".oidc..")
        .layer("Credentials")
        .definedBy(root + ".credentials..")
        .layer("Imports")
        .definedBy(root + ".imports..")
        .layer("EmbeddedPostgres")
        .definedBy(root + ".embeddedpostgres..")
        .layer("Host")
        .definedBy(root + ".host..")
        .layer("Stub")
        .definedBy(root + ".stub..")
        .layer("Client")
        .definedBy(root + ".client..")
        .layer("Wiring")
        .definedBy(root + ".wiring..")
        .layer("InProcess")
        .definedBy(root + ".inprocess..")
        .layer("Bootstrap")
        .definedBy(root + ".bootstrap..")
        .whereLayer("Bootstrap")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("Persistence")
        .mayOnlyBeAccessedByLayers("Imports", "Wiring", "InProcess", "Bootstrap")
        .whereLayer("EmbeddedPostgres")
        .mayOnlyBeAccessedByLayers("Bootstrap")
        .whereLayer("Imports")
        .mayOnlyBeAccessedByLayers("Bootstrap")
        .whereLayer("Custody")
        .mayOnlyBeAccessedByLayers("Wiring", "Bootstrap")
        .whereLayer("Web")
        .mayOnlyBeAccessedByLayers("Console", "Bootstrap")
        .whereLayer("Console")
        .mayOnlyBeAccessedByLayers("Bootstrap")
        .whereLayer("Gateway")
        .mayOnlyBeAccessedByLayers("Wiring", "InProcess", "Bootstrap")
        .whereLayer("Oidc")
        .mayOnlyBeAccessedByLayers("Credentials", "Bootstrap")
        .whereLayer("Credentials")
        .mayOnlyBeAccessedByLayers("Bootstrap")
        .whereLayer("Client")
        .mayOnlyBeAccessedByLayers("Bootstrap")
        .whereLayer("Wiring")
        .mayOnlyBeAccessedByLayers("InProcess", "Bootstrap")
        .whereLayer("InProcess")
        .mayOnlyBeAccessedByLayers("Bootstrap")
        .whereLayer("Host")
        .mayOnlyBeAccessedByLayers("EmbeddedPostgres", "Wiring", "InProcess", "Bootstrap")
        .whereLayer("Stub")
        .mayOnlyBeAccessedByLayers("Bootstrap")
        .whereLayer("Application")
        .mayOnlyBeAccessedByLayers(
            "Persistence",
            "Custody",
            "Web",
            "Console",
            "Gateway",
            "Oidc",
            "Credentials",
            "Imports",
            "Wiring",
            "InProcess",
            "Bootstrap")
        .whereLayer("Domain")
        .mayOnlyBeAccessedByLayers(
            "Application",
            "Persistence",
            "Custody",
            "Web",
            "Console",
            "Gateway",
            "Oidc",
            "Credentials",
            "Imports",
            "EmbeddedPostgres",
            "Host",
            "Wiring",
            "InProcess",
            "Bootstrap")
        .ensureAllClassesAreContainedInArchitecture();
  }

  static ArchRule domainKnowsTheJdkOnly(String root) {
    return classes()
        .that()
        .resideInAPackage(root + ".domain..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(packages(JDK, root + ".domain..", JSPECIFY)));
  }

  /**
   * The application depends only on the domain and on a cache library, which needs no input, output
   * or framework.
   */
  static ArchRule applicationKnowsTheDomainOnly(String root) {
    return classes()
        .that()
        .resideInAPackage(root + ".application..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                packages(JDK, root + ".application..", root + ".domain..", JSPECIFY, CAFFEINE)));
  }

  private static String[] packages(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  static ArchRule featuresAreFreeOfCycles(String layer) {
    return slices().matching(layer + ".(*)..").should().beFreeOfCycles();
  }

  /** A feature uses its out-ports, but the out-ports must not depend on the feature. */
  static ArchRule outPortsDoNotKnowTheirFeature(String root) {
    String ports = root + ".application.";
    return classes()
        .that()
        .resideInAPackage(root + ".application..port")
        .should(
            new ArchCondition<>("not depend on their own feature") {
              @Override
              public void check(JavaClass port, ConditionEvents events) {
                String feature = port.getPackageName().replaceFirst("\\.port$", "");
                port.getDirectDependenciesFromSelf().stream()
                    .filter(of -> of.getTargetClass().getPackageName().equals(feature))
                    .forEach(
                        of -> events.add(SimpleConditionEvent.violated(of, of.getDescription())));
              }
            });
  }

  /** Other packages see the port of a feature. The class behind it belongs to the feature alone. */
  static ArchRule implementationsAreNotPublic(String root) {
    return classes()
        .that()
        .resideInAPackage(root + ".application..")
        .and()
        .areNotInterfaces()
        .and(
            DescribedPredicate.describe(
                "implement a feature's port",
                (JavaClass type) ->
                    type.getRawInterfaces().stream().anyMatch(i -> isFeaturePort(root, i))))
        .should()
        .notBePublic();
  }

  private static boolean isFeaturePort(String root, JavaClass type) {
    return type.isTopLevelClass()
        && type.getPackageName().matches(Pattern.quote(root + ".application.") + "\\w+")
        && type.getMethods().stream().anyMatch(Rules::isOperation);
  }

  private static boolean isOperation(JavaMethod method) {
    return method.getRawParameterTypes().stream()
        .limit(1)
        .anyMatch(first -> first.isEquivalentTo(Actor.class));
  }

  /** A constructor that leaves out components of a record drops them silently where they matter. */
  static ArchRule shortConstructorsAreNotForTestsAlone() {
    return classes()
        .that()
        .areRecords()
        .should(
            new ArchCondition<>("have no further constructor that only tests call") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                long components =
                    type.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .count();
                type.getConstructors().stream()
                    .filter(made -> made.getRawParameterTypes().size() != components)
                    .filter(made -> made.getAccessesToSelf().isEmpty())
                    .forEach(
                        made ->
                            events.add(SimpleConditionEvent.violated(made, made.getFullName())));
              }
            });
  }

  static ArchRule namesSayWhatThingsAre() {
    return noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl|Dto)")
        .orShould()
        .haveNameMatching(".*\\.Claviger(?!$|Command|CommandLine|Version).+");
  }

  /** No two types in files of their own have the same simple name. */
  static ArchRule eachNameMeansOneThing() {
    return classes()
        .that()
        .areTopLevelClasses()
        .and()
        .doNotHaveSimpleName("package-info")
        .should(haveASimpleNameOfTheirOwn());
  }

  private static ArchCondition<JavaClass> haveASimpleNameOfTheirOwn() {
    return new ArchCondition<>("have a simple name of their own") {
      private final Map<String, JavaClass> first = new HashMap<>();

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        JavaClass other = first.putIfAbsent(type.getSimpleName(), type);
        if (other != null) {
          events.add(
              SimpleConditionEvent.violated(
                  type, "%s and %s have the same name".formatted(other.getName(), type.getName())));
        }
      }
    };
  }

  /** Only these classes name a certain format; all others ask a format what depends on it. */
  static ArchRule formatsAreNotCompared(Set<String> names) {
    Set<String> formats =
        Stream.of(WireFormat.values()).map(WireFormat::name).collect(Collectors.toSet());
    return noClasses()
        .that(
            DescribedPredicate.describe(
                "are none of " + names, type -> !names.contains(type.getName())))
        .should()
        .accessFieldWhere(
            DescribedPredicate.describe(
                "it is a certain format",
                access ->
                    access.getTargetOwner().isEquivalentTo(WireFormat.class)
                        && formats.contains(access.getName())));
  }

  /** Only one method gives access to a secret, and only these classes may call this method. */
  static ArchRule secretsAreOpenedBy(Set<String> names) {
    return classes().should(openNoSecret(names));
  }

  /**
   * A look-up of a name blocks the thread, and sends the text that somebody wrote to a name server.
   * The JDK treats any text that is not an address as a name.
   */
  static ArchRule namesAreLookedUpBy(Set<String> names) {
    return classes().should(lookNothingUp(names));
  }

  private static ArchCondition<JavaClass> lookNothingUp(Set<String> except) {
    return new ArchCondition<>("look no names up unless named") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        String outermost = item.getName().split("\\$")[0];
        Stream.concat(
                item.getCodeUnitCallsFromSelf().stream(),
                item.getCodeUnitReferencesFromSelf().stream())
            .filter(access -> !except.contains(outermost) && looksUp(access.getTarget()))
            .forEach(
                access -> events.add(SimpleConditionEvent.violated(item, access.getDescription())));
      }
    };
  }

  private static boolean looksUp(AccessTarget.CodeUnitAccessTarget target) {
    boolean ofAddress =
        target.getOwner().isAssignableTo(InetAddress.class)
            || target.getOwner().isEquivalentTo(InetSocketAddress.class);
    boolean ofText =
        target.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
            && target.getRawParameterTypes().stream()
                .limit(1)
                .anyMatch(first -> first.isEquivalentTo(String.class));
    return ofAddress
        && (ofText
            || Set.of(
                    "getByName",
                    "getAllByName",
                    "getLocalHost",
                    "getHostName",
                    "getCanonicalHostName")
                .contains(target.getName()));
  }

  /** What only PostgreSQL, Javalin, Netty or Tink need to know stays with their adapter. */
  static ArchRule technologyStaysInItsAdapter(String root, String adapter, String... technology) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            root + "." + adapter + "..",
            root + ".imports..",
            root + ".wiring..",
            root + ".bootstrap..",
            root + ".stub..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(technology);
  }

  /** An operation that returned nothing could be refused without anybody noticing. */
  static ArchRule operationsReturnAnOutcome(String root) {
    return methods()
        .that()
        .areDeclaredInClassesThat(
            DescribedPredicate.describe(
                "are features' ports", type -> isFeaturePort(root, type) && type.isInterface()))
        .and(DescribedPredicate.describe("are operations", Rules::isOperation))
        .should()
        .notHaveRawReturnType(void.class);
  }

  /**
   * {@link AuditedChanges} looks in its transactions whether the user was suspended since the
   * request was authenticated. Whoever begins another transaction for a user forgets that.
   */
  static ArchRule usersChangeOnlyWhatIsAudited(Set<String> except) {
    return classes()
        .that(
            DescribedPredicate.describe(
                "act for a user",
                (JavaClass type) ->
                    type.getCodeUnits().stream()
                        .flatMap(unit -> unit.getRawParameterTypes().stream())
                        .anyMatch(given -> given.isEquivalentTo(Actor.class))))
        .should(
            new ArchCondition<>("begin no transaction unless named") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                String outermost = item.getName().split("\\$")[0];
                item.getCodeUnitCallsFromSelf().stream()
                    .filter(call -> !except.contains(outermost) && begins(call.getTarget()))
                    .forEach(
                        call ->
                            events.add(SimpleConditionEvent.violated(item, call.getDescription())));
              }
            });
  }

  private static boolean begins(AccessTarget.CodeUnitAccessTarget target) {
    return (target.getOwner().isAssignableTo(Transactions.class)
            && target.getName().equals("inTransaction"))
        || (target.getOwner().isEquivalentTo(AuditedChanges.class)
            && target.getName().equals("repeated"));
  }

  private static ArchCondition<JavaClass> openNoSecret(Set<String> allowed) {
    return new ArchCondition<>("not open a Secret unless named") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        String outermost = item.getName().split("\\$")[0];
        for (JavaCall<?> call :
            item.getCodeUnits().stream().flatMap(u -> u.getCallsFromSelf().stream()).toList()) {
          boolean opens =
              call.getTargetOwner().isEquivalentTo(Secret.class) && call.getName().equals("lend");
          if (opens && !allowed.contains(outermost)) {
            events.add(SimpleConditionEvent.violated(item, call.getDescription()));
          }
        }
      }
    };
  }
}
