package io.claviger.console.instances;

import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.DraftChecks;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.providers.Providers;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Views;
import io.claviger.console.providers.ProviderListPages;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.EndpointTemplate;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Registers a service. The page checks the connection to the provider before it stores the service.
 * After storing the service, the page checks the connection again, because only the check of a
 * stored service asks the provider for its models.
 */
public final class RegisterPages implements ConsolePage {
  private static final String PATH = "/console/services/register";
  private static final String STANDALONE = "nothing";
  private static final int UNPROCESSABLE = 422;

  /** The field that asks to store the service even if the check of its connection failed. */
  private static final String ANYWAY = "anyway";

  private final Definitions definitions;
  private final Instances instances;
  private final ConnectionChecks connectionChecks;
  private final DraftChecks draftChecks;
  private final StatementIssuer issuer;
  private final Providers providers;
  private final Views views;

  public RegisterPages(
      Definitions definitions,
      Instances instances,
      ConnectionChecks connectionChecks,
      DraftChecks draftChecks,
      StatementIssuer issuer,
      Providers providers,
      Views views) {
    this.definitions = definitions;
    this.instances = instances;
    this.connectionChecks = connectionChecks;
    this.draftChecks = draftChecks;
    this.issuer = issuer;
    this.providers = providers;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATH, visit -> show(visit, 200, asked(visit)), this::register);
  }

  /**
   * Whether the user chose to give the service its own settings, instead of taking them from a
   * definition.
   */
  static boolean isStandalone(String from) {
    return from.equals(STANDALONE);
  }

  private static FormState asked(Visit visit) {
    return FormState.EMPTY
        .having("from", visit.queryText("from"))
        .having("provider", visit.queryText("provider"))
        .having(CredentialChoice.FIELD, visit.queryText(CredentialChoice.FIELD));
  }

  private void register(Visit visit) {
    Form form = visit.form();
    Actor actor = visit.signedIn().actor();
    try (Registration registration = Registration.of(form, actor.handle())) {
      // A rule at the provider must name the service's id before the provider accepts statements
      // about the service. This id does not exist yet, so there is nothing to check.
      boolean federated = registration.choice().kind() == CredentialKind.FEDERATED;
      if (form.value(ANYWAY).isEmpty() && !federated) {
        ConnectionChecks.CheckOutcome tried =
            draftChecks.check(actor, registration.service(), registration.write());
        if (refusesToSave(tried)) {
          FormState sent = Registration.shownAgain(form);
          show(visit, UNPROCESSABLE, sent, CheckLine.of(tried));
          return;
        }
      }
      WrittenInstance written =
          Problems.valueOf(
              instances.put(
                  actor, registration.service(), Precondition.CREATE_ONLY, registration.write()));
      CheckLine check = federated ? null : checked(actor, registration.service());
      views.show(
          visit,
          Area.SERVICES,
          registration.service() + " is registered",
          "registered",
          new RegisteredView(
              ServiceLine.of(written.view()),
              registration.choice().kind() == CredentialKind.API_KEY,
              check,
              FederationSteps.of(
                  issuer, actor, Optional.of(registration.service()), registration.choice())));
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      FormState sent = Registration.shownAgain(form);
      show(
          visit,
          problem.status(),
          problem.status() == Difference.PRECONDITION_FAILED
              ? sent.with("name", "You have a service of this name already.")
              : sent.with(problem, Registration::inputOf));
    }
  }

  /**
   * Checks a service that is stored already. So if the check itself fails, for example because the
   * database can't be reached, the page must not say that the service was not saved.
   */
  private CheckLine checked(Actor actor, Instance.Ref service) {
    try {
      return CheckLine.of(connectionChecks.check(actor, service));
    } catch (RuntimeException e) {
      return CheckLine.unknown(Problems.orThrow(e).detail());
    }
  }

  /**
   * Whether the check has shown that calls to the service would fail. The result is false if no
   * secret was typed, because in that case nothing was checked.
   */
  private static boolean refusesToSave(ConnectionChecks.CheckOutcome tried) {
    return switch (tried) {
      case ConnectionChecks.CheckOutcome.Checked checked ->
          checked.check().status() != ConnectionStatus.OK
              && (checked.check().status() != ConnectionStatus.NO_KEY
                  || checked.check().withoutToken().isPresent());
      case ConnectionChecks.CheckOutcome.Limited limited -> true;
      case ConnectionChecks.CheckOutcome.Refused refused -> throw Problems.refusal(refused.why());
    };
  }

  private void show(Visit visit, int status, FormState form) {
    show(visit, status, form, null);
  }

  /**
   * @param failed the result of the check that prevented storing the service; null if no check
   *     prevented it
   */
  private void show(Visit visit, int status, FormState form, @Nullable CheckLine failed) {
    Page<Definition, Definition.Ref> definitions = definitions(visit);
    boolean standalone =
        isStandalone(form.value("from"))
            || (form.value("from").isEmpty() && definitions.items().isEmpty());
    CredentialChoice choice = CredentialChoice.of(form.value(CredentialChoice.FIELD));
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Register a service",
        "register",
        new RegisterView(
            standalone,
            choices(visit, definitions, form.value("definition")),
            definitions
                .next()
                .map(
                    last ->
                        Links.to(PATH)
                            .with("after", last.toString())
                            .with(CredentialChoice.FIELD, choice.value())
                            .toString())
                .orElse(null),
            providers.all().stream().map(RegisterPages::choice).toList(),
            template(standalone, form.value("provider")),
            failed,
            CredentialChoice.offered(false),
            choice,
            FederationSteps.of(issuer, visit.signedIn().actor(), Optional.empty(), choice),
            form.having("from", standalone ? STANDALONE : "definition")));
  }

  /** The settings that the chosen provider needs for a service; null if it needs none. */
  private @Nullable ProviderSettings template(boolean standalone, String chosen) {
    return providers.all().stream()
        .filter(provider -> standalone && provider.wireName().equals(chosen))
        .flatMap(provider -> provider.content().template().stream())
        .map(ProviderSettings::of)
        .findAny()
        .orElse(null);
  }

  private static RegisterView.ProviderChoice choice(Provider provider) {
    return new RegisterView.ProviderChoice(
        provider.wireName(),
        provider
            .defaultEndpoint()
            .map(Endpoint::url)
            .or(() -> provider.content().template().map(EndpointTemplate::text))
            .orElse(""),
        provider.content().template().isPresent());
  }

  private Page<Definition, Definition.Ref> definitions(Visit visit) {
    Optional<Definition.Ref> after =
        Optional.of(visit.queryText("after")).filter(s -> !s.isEmpty()).map(Definition.Ref::of);
    return Problems.valueOf(
        this.definitions.list(
            visit.signedIn().actor(),
            new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty()),
            new PageRequest<>(after, PageRequest.DEFAULT_LIMIT)));
  }

  /**
   * Returns one page of the list of definitions. If the viewer chose a definition on another page
   * of the list, this definition comes first.
   */
  private List<RegisterView.DefinitionChoice> choices(
      Visit visit, Page<Definition, Definition.Ref> page, String chosen) {
    List<RegisterView.DefinitionChoice> choices =
        page.items().stream().map(RegisterPages::choice).toList();
    if (chosen.indexOf(' ') < 0 || choices.stream().anyMatch(one -> one.value().equals(chosen))) {
      return choices;
    }
    return Stream.concat(known(visit, chosen).stream(), choices.stream()).toList();
  }

  private Optional<RegisterView.DefinitionChoice> known(Visit visit, String chosen) {
    try {
      return definitions
          .find(visit.signedIn().actor(), Registration.ShownDefinition.of(chosen).ref())
          .asOptional()
          .map(RegisterPages::choice);
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  private static RegisterView.DefinitionChoice choice(Definition definition) {
    return new RegisterView.DefinitionChoice(
        new Registration.ShownDefinition(definition.ref(), definition.fields().endpoint())
            .toString(),
        definition.ref().toString(),
        definition.fields().model().value(),
        definition.fields().endpoint().url());
  }

  /**
   * The page on which a service can be registered.
   *
   * @param standalone whether the service gets its own settings instead of a definition's
   * @param definitions the definitions from which the viewer can choose
   * @param settings the settings that the chosen provider needs for a service; null if it needs
   *     none
   * @param failed the result of the check that prevented storing the service; null if no check
   *     prevented it
   * @param more the address of the page with further definitions; null if there are none
   * @param choices the kinds of credentials from which the viewer can choose
   * @param choice the kind of credential that the user chose; the form has inputs for this kind
   * @param steps the values to enter at the provider, so that the provider trusts signed
   *     statements; null if credentials of this kind use no signed statements
   */
  public record RegisterView(
      boolean standalone,
      List<DefinitionChoice> definitions,
      @Nullable String more,
      List<ProviderChoice> providers,
      @Nullable ProviderSettings settings,
      @Nullable CheckLine failed,
      List<CredentialChoice> choices,
      CredentialChoice choice,
      @Nullable FederationSteps steps,
      FormState form) {
    public RegisterView {
      choices = List.copyOf(choices);
      definitions = List.copyOf(definitions);
      providers = List.copyOf(providers);
    }

    /**
     * A definition that the viewer can choose.
     *
     * @param value the value that the form sends if this definition is chosen
     */
    public record DefinitionChoice(String value, String ref, String model, String endpoint) {}

    /**
     * A provider that the viewer can choose.
     *
     * @param endpoint the default endpoint of the provider; empty if it has none
     * @param asks true if the provider needs settings, for which the page then asks
     */
    public record ProviderChoice(String name, String endpoint, boolean asks) {}
  }

  /**
   * The settings that a provider needs for each of its services.
   *
   * @param template the endpoint, with the names of settings in braces
   */
  public record ProviderSettings(String template, List<Input> inputs) {
    public ProviderSettings {
      inputs = List.copyOf(inputs);
    }

    static ProviderSettings of(EndpointTemplate template) {
      return new ProviderSettings(
          template.text(), template.settings().stream().map(Input::of).toList());
    }

    /** An input for one setting of the provider. */
    public record Input(String name, String label, String help, int longest) {
      static Input of(EndpointTemplate.Setting setting) {
        return new Input(
            Registration.SETTING + setting.name(),
            setting.name(),
            ProviderListPages.words(setting),
            setting.longest());
      }
    }
  }

  /**
   * The page that shows a service which was just registered.
   *
   * @param keyed whether the credential of the service is an API key
   * @param check the result of the check; null if the user first has to enter values at the
   *     provider
   * @param steps the values to enter at the provider; null unless the provider trusts signed
   *     statements
   */
  public record RegisteredView(
      ServiceLine line,
      boolean keyed,
      @Nullable CheckLine check,
      @Nullable FederationSteps steps) {}
}
