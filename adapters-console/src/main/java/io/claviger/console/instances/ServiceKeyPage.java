package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.InstanceView.CredentialView;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fact;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Shows the key of a service, and the viewer's own key for this service. */
public final class ServiceKeyPage implements ConsolePage {
  /**
   * The hidden fields with the endpoint for which a key is entered. The page has a form for the key
   * of the service, and one for the viewer's own key.
   */
  static final String ENDPOINT = "endpoint";

  static final String OWN_ENDPOINT = "own_endpoint";

  private static final String CLEAR_HEADERS = "clear_headers";

  private final Instances instances;
  private final UserKeys userKeys;
  private final Views views;

  public ServiceKeyPage(Instances instances, UserKeys userKeys, Views views) {
    this.instances = instances;
    this.userKeys = userKeys;
    this.views = views;
  }

  static String pathOf(Instance.Ref service) {
    return ServiceAddress.path(service) + ServiceTab.KEY.address();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    String path = ServiceAddress.PATTERN + ServiceTab.KEY.address();
    Submission.addPage(routes, path, visitors, this::show, this::replaceKey);
    routes.pageAt(path + "/remove").openPost(visitors.signedIn(this::removeKey));
    new OwnKeyPages(userKeys, this).addTo(routes, visitors);
  }

  private void replaceKey(Visit visit) {
    submit(
        visit,
        Set.of(Fields.SAME_ACCOUNT, CLEAR_HEADERS, ENDPOINT, Versions.FIELD),
        FormState::fieldOf,
        form -> replaceKey(visit, form));
  }

  private void replaceKey(Visit visit, Form form) {
    Fields fields = new Fields(form);
    Optional<Secret> key = fields.requiredApiKey("api_key", "Paste the provider's API key.");
    try {
      Optional<Endpoint> endpoint =
          fields.required(ENDPOINT, "Open the page again.", Endpoint::ofBaseUrl);
      Optional<Boolean> same = fields.sameAccount();
      Precondition version = Versions.demandedBy(form);
      InstanceWrite write =
          fields.check(() -> ServicePage.Writes.key(key.orElseThrow(), endpoint.orElseThrow()));
      boolean bare = form.value(CLEAR_HEADERS).filter("yes"::equals).isPresent();
      patch(visit, version, (bare ? write.withoutHeaders() : write).withAccount(same));
    } finally {
      key.ifPresent(Secret::close);
    }
  }

  /** Removes the key if it is still the key that the page showed. */
  private void removeKey(Visit visit) {
    submit(
        visit,
        Set.of(),
        FormState::fieldOf,
        form -> patch(visit, Versions.demandedBy(form), ServicePage.Writes.NO_CREDENTIAL));
  }

  private void patch(Visit visit, Precondition precondition, InstanceWrite write) {
    Problems.throwIfRefused(
        instances.patch(visit.signedIn().actor(), ServiceAddress.of(visit), precondition, write));
  }

  /**
   * Runs the action that was requested by a form of this page, and then shows the page again.
   *
   * @param again the fields whose values are shown again after a refusal
   * @param fieldOf a function that returns the name of the field to which the JSON pointer of a
   *     fault leads
   */
  void submit(Visit visit, Set<String> again, UnaryOperator<String> fieldOf, Consumer<Form> act) {
    Submission.of(
        visit,
        again,
        form -> {
          act.accept(form);
          return pathOf(ServiceAddress.of(visit));
        },
        (problem, sent) -> show(visit, problem.status(), sent.with(problem, fieldOf)));
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    InstanceView view = Problems.valueOf(instances.find(actor, ServiceAddress.of(visit)));
    ServiceHead head = ServiceHead.of(actor, view, ServiceTab.KEY);
    Instance instance = view.instance();
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Key of " + instance.ref(),
        "serviceKey",
        new KeyView(
            head,
            instance.apiKeySetAt().map(Object::toString).orElse(null),
            Versions.kept(form, status, ENDPOINT, instance.endpoint().url()),
            instance.settings().fields().apiStandard().value(),
            instance.customHeaderNames().stream().map(HeaderName::value).toList(),
            Versions.kept(form, status, Long.toString(instance.version())),
            ownKey(actor, head.rights(), instance, status, form),
            form,
            view.credential()
                .filter(credential -> credential.kind() != CredentialKind.API_KEY)
                .map(credential -> OtherCredential.of(credential, head.rights()))
                .orElse(null),
            view.credential().isPresent()));
  }

  private @Nullable OwnKey ownKey(
      Actor actor, ServiceRights rights, Instance instance, int status, FormState form) {
    if (!rights.use() || !instance.keyPolicy().userKeys()) {
      return null;
    }
    String endpoint = instance.endpoint().url();
    return new OwnKey(
        Problems.valueOf(userKeys.find(actor, instance.ref()))
            .map(key -> key.setAt().toString())
            .orElse(null),
        // A conflict means that the service now has another endpoint than the one that the form
        // named.
        status == 409 ? endpoint : Versions.kept(form, status, OWN_ENDPOINT, endpoint));
  }

  /**
   * The page that shows the key of a service.
   *
   * @param setAt when the key was stored (ISO 8601); null if no key is stored
   * @param endpoint the endpoint to which the key is sent; after a refusal, the endpoint that the
   *     refused form named
   * @param standard the service's API standard, which determines what callers can send to the
   *     provider together with the key
   * @param headerNames the names of the custom headers that are sent with the key
   * @param version the version that the service had when the form was shown
   * @param own the viewer's own key for the service; null if the service does not use keys of its
   *     callers
   * @param form the form on which the key can be replaced
   * @param other the service's credential if it is not a key; null if the credential is a key, or
   *     if the viewer may not see the credential
   * @param kindShown whether the viewer may see the kind of the service's credential
   */
  public record KeyView(
      ServiceHead head,
      @Nullable String setAt,
      String endpoint,
      String standard,
      List<String> headerNames,
      String version,
      @Nullable OwnKey own,
      FormState form,
      @Nullable OtherCredential other,
      boolean kindShown) {
    public KeyView {
      headerNames = List.copyOf(headerNames);
    }

    public ServiceRights rights() {
      return head.rights();
    }

    public String path() {
      return head.path();
    }
  }

  /**
   * The viewer's own key for the service.
   *
   * @param setAt when the key was stored (ISO 8601); null if no key is stored
   * @param endpoint the endpoint to which the key is sent
   */
  public record OwnKey(@Nullable String setAt, String endpoint) {}

  /**
   * A credential that is not a key, shown without its secret.
   *
   * @param unconfirmed whether calls are refused until somebody confirms where the credential is
   *     used
   * @param mayConfirm whether the viewer can confirm where the credential is used
   * @param error the reason why no token could be obtained; null if there was no error
   */
  public record OtherCredential(
      List<Fact> facts, boolean unconfirmed, boolean mayConfirm, @Nullable String error) {
    public OtherCredential {
      facts = List.copyOf(facts);
    }

    static OtherCredential of(CredentialView view, ServiceRights rights) {
      List<Fact> facts = new ArrayList<>();
      facts.add(new Fact("The provider knows the service", CredentialForm.choiceOf(view).label()));
      view.settings()
          .values()
          .forEach(
              (field, value) -> {
                if (field != CredentialField.PROVIDER) {
                  facts.add(new Fact(field.words().label(), value));
                }
              });
      view.minted()
          .mintedAt()
          .ifPresent(at -> facts.add(new Fact("Token of this node made", at.toString(), true)));
      view.expiresIn()
          .ifPresent(left -> facts.add(new Fact("It ends", "in " + left.toSeconds() + " seconds")));
      return new OtherCredential(
          facts,
          view.confirmed().filter(confirmed -> !confirmed).isPresent(),
          rights.confirm(),
          view.minted().lastError().orElse(null));
    }
  }
}
