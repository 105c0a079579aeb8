package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.InstanceView.CredentialView;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.Field;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes the credential with which a service authenticates to its provider. Also confirms at which
 * addresses the credential is used.
 */
public final class CredentialPages implements ConsolePage {
  private static final String ENDPOINT = "endpoint";
  private static final String DESTINATION = "destination";
  private static final String TOKEN_URLS = "token_urls";

  private final Instances instances;
  private final StatementIssuer issuer;
  private final Views views;

  public CredentialPages(Instances instances, StatementIssuer issuer, Views views) {
    this.instances = instances;
    this.issuer = issuer;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    String path = ServiceAddress.PATTERN + "/credential";
    visitors.addPage(routes, path, this::ask, this::change);
    Submission.addPage(routes, path + "/confirm", visitors, this::showConfirmation, this::confirm);
  }

  private void ask(Visit visit) {
    InstanceView view = Problems.valueOf(find(visit));
    CredentialView stored = credential(view);
    FormState asked = FormState.asked(visit, Set.of(CredentialChoice.FIELD));
    FormState form =
        FormState.of(CredentialForm.shown(stored))
            .having(asked.values())
            .having(ENDPOINT, view.instance().endpoint().url());
    show(visit, 200, view, form);
  }

  private void change(Visit visit) {
    Instance.Ref service = ServiceAddress.of(visit);
    Set<String> shown = new HashSet<>(CredentialForm.shownAgain());
    shown.addAll(List.of(ENDPOINT, Fields.SAME_ACCOUNT, Versions.FIELD));
    Submission.of(
        visit,
        shown,
        form -> {
          write(visit.signedIn().actor(), service, form);
          return ServiceAddress.path(service) + "/key";
        },
        (problem, sent) ->
            show(visit, problem.status(), Problems.valueOf(find(visit)), sent.with(problem)));
  }

  private void write(Actor actor, Instance.Ref service, Form form) {
    Fields fields = new Fields(form);
    try (CredentialForm credential = CredentialForm.read(fields)) {
      Optional<Endpoint> endpoint =
          fields.required(ENDPOINT, "Name the endpoint for the credential.", Endpoint::ofBaseUrl);
      Optional<Boolean> same = fields.sameAccount();
      Precondition version = Versions.demandedBy(form);
      InstanceWrite write =
          fields.check(
              () ->
                  new InstanceWrite(
                      Field.absent(),
                      new SettingsWrite(
                          FieldWrites.NONE.with(
                              DefinitionFields.ENDPOINT, Field.of(endpoint.orElseThrow()))),
                      Field.absent(),
                      Field.absent(),
                      same));
      Problems.throwIfRefused(
          instances.patch(
              actor, service, version, write.withCredential(Field.of(credential.write()))));
    }
  }

  private void show(Visit visit, int status, InstanceView view, FormState form) {
    Instance instance = view.instance();
    Actor actor = visit.signedIn().actor();
    CredentialView stored = credential(view);
    CredentialChoice choice = CredentialChoice.of(form.value(CredentialChoice.FIELD));
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Credential of " + instance.ref(),
        "credential",
        new CredentialPage(
            ServiceAddress.path(instance.ref()),
            ServiceRights.of(actor, view).setKey(),
            instance.settings().fields().apiStandard().value(),
            headerNames(instance),
            Versions.kept(form, status, Long.toString(instance.version())),
            instance.hasApiKey(),
            choice.equals(CredentialForm.choiceOf(stored)),
            CredentialChoice.offered(instance.isSystemLevel()),
            choice,
            FederationSteps.of(issuer, actor, Optional.of(instance.ref()), choice),
            form));
  }

  /**
   * Returns the credential of a service if the viewer may see the credential.
   *
   * @throws RefusedException if the viewer may not see the credential
   */
  private static CredentialView credential(InstanceView view) {
    return view.credential()
        .orElseThrow(
            () -> RefusedException.forbidden("Only owners see the credential of a service."));
  }

  private void confirm(Visit visit) {
    Submission.of(
        visit,
        Set.of(DESTINATION, TOKEN_URLS, Versions.FIELD),
        form -> {
          Fields fields = new Fields(form);
          Optional<Endpoint> destination =
              fields.required(DESTINATION, "Type the endpoint.", Endpoint::ofBaseUrl);
          Optional<Set<TokenUrl>> tokenUrls = fields.optional(TOKEN_URLS, CredentialPages::urls);
          // The form might contain no version: a former owner may confirm, but does not see the
          // version of the service.
          Precondition version = Versions.of(form).orElse(Precondition.NONE);
          Endpoint named = fields.check(destination::orElseThrow);
          Instance.Ref service =
              Problems.valueOf(
                  instances.confirm(
                      visit.signedIn().actor(),
                      ServiceAddress.of(visit),
                      version,
                      named,
                      tokenUrls.orElse(Set.of())));
          return find(visit) instanceof Outcome.Done<InstanceView>
              ? ServiceAddress.path(service) + "/key"
              : Area.SERVICES.path();
        },
        this::showConfirmation);
  }

  private static Set<TokenUrl> urls(String lines) {
    return Stream.of(lines.split("\\s+")).map(TokenUrl::of).collect(Collectors.toSet());
  }

  /**
   * Shows the form on which a user confirms where a credential is used. A former owner no longer
   * sees the data of the service, and has to type the addresses from memory.
   */
  private void showConfirmation(Visit visit, int status, FormState form) {
    Instance.Ref service = ServiceAddress.of(visit);
    Optional<InstanceView> view =
        find(visit) instanceof Outcome.Done<InstanceView> done
            ? Optional.of(done.value()).filter(seen -> seen.credential().isPresent())
            : Optional.empty();
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Confirm where the credential of " + service + " is used",
        "credentialConfirmation",
        new ConfirmationPage(
            ServiceAddress.path(service),
            service.toString(),
            view.map(seen -> seen.instance().endpoint().url()).orElse(null),
            view.map(
                    seen ->
                        credential(seen).settings().givenAddresses().stream()
                            .map(TokenUrl::url)
                            .sorted()
                            .toList())
                .orElse(List.of()),
            view.map(seen -> seen.instance().settings().fields().apiStandard().value())
                .orElse(null),
            view.map(seen -> headerNames(seen.instance())).orElse(List.of()),
            view.map(seen -> Long.toString(seen.instance().version()))
                .map(present -> Versions.kept(form, status, present))
                .orElse(null),
            form));
  }

  private static List<String> headerNames(Instance instance) {
    return instance.customHeaderNames().stream().map(HeaderName::value).toList();
  }

  private Outcome<InstanceView> find(Visit visit) {
    return instances.find(visit.signedIn().actor(), ServiceAddress.of(visit));
  }

  /**
   * The page on which a user changes how a service authenticates to its provider.
   *
   * @param path the address of the service's page
   * @param mayChange whether the viewer may store a credential for the service
   * @param standard the API standard of the service; it determines what callers can send to the
   *     provider together with the credential
   * @param headerNames the names of the custom headers that are sent with every call
   * @param stored whether the service has a secret that the change would replace
   * @param present whether the form is for the service's present kind of credential
   * @param steps the values to enter at the provider; null if credentials of this kind use no
   *     signed statements
   */
  public record CredentialPage(
      String path,
      boolean mayChange,
      String standard,
      List<String> headerNames,
      String version,
      boolean stored,
      boolean present,
      List<CredentialChoice> choices,
      CredentialChoice choice,
      @Nullable FederationSteps steps,
      FormState form) {
    public CredentialPage {
      headerNames = List.copyOf(headerNames);
      choices = List.copyOf(choices);
    }
  }

  /**
   * The page that asks whether a credential is used at the right endpoint and addresses.
   *
   * @param path the address of the service's page
   * @param endpoint the endpoint of the service; null if the viewer does not see it
   * @param tokenUrls the token URLs that somebody entered
   * @param standard the API standard of the service; it determines what callers can send to the
   *     provider together with the credential. Null if the viewer does not see the standard
   * @param headerNames the names of the custom headers that are sent with every call
   * @param version the version of the service; null if the viewer may not see it
   */
  public record ConfirmationPage(
      String path,
      String service,
      @Nullable String endpoint,
      List<String> tokenUrls,
      @Nullable String standard,
      List<String> headerNames,
      @Nullable String version,
      FormState form) {
    public ConfirmationPage {
      tokenUrls = List.copyOf(tokenUrls);
      headerNames = List.copyOf(headerNames);
    }

    /**
     * Whether the form asks for addresses other than the endpoint. The form asks for such addresses
     * if the credential has any, or if the viewer does not see the endpoint.
     */
    public boolean asksAddresses() {
      return endpoint == null || !tokenUrls.isEmpty();
    }
  }
}
