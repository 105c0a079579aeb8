package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.Fact;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.sharing.Action;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;

/** Changes the settings of a service. */
public final class SettingsPages implements ConsolePage {
  private final Instances instances;
  private final Views views;

  public SettingsPages(Instances instances, Views views) {
    this.instances = instances;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, ServiceAddress.PATTERN + "/settings", this::ask, this::change);
  }

  private void ask(Visit visit) {
    InstanceView view = find(visit);
    show(visit, 200, view, unchanged(visit.signedIn().actor(), view), List.of());
  }

  private void change(Visit visit) {
    Form form = visit.form();
    Instance.Ref service = ServiceAddress.of(visit);
    try {
      write(visit, service, form);
      visit.redirect(ServiceAddress.path(service));
    } catch (RuntimeException e) {
      refuse(visit, form, Problems.orThrow(e));
    }
  }

  private void write(Visit visit, Instance.Ref service, Form form) {
    InstanceWrite write = SettingsForm.read(form, find(visit).instance().settings().scalars());
    try {
      Precondition version = Versions.demandedBy(form);
      Problems.throwIfRefused(instances.patch(visit.signedIn().actor(), service, version, write));
    } finally {
      write.apiKey().given().ifPresent(Secret::close);
      write.customHeaders().given().ifPresent(CustomHeaders::close);
    }
  }

  /**
   * Shows the values that the user typed. If somebody else has changed the same fields, the page
   * also shows the stored values.
   */
  private void refuse(Visit visit, Form form, Problem problem) {
    InstanceView view = find(visit);
    FormState now = unchanged(visit.signedIn().actor(), view);
    FormState sent = FormState.sent(form, SettingsForm.sent(now.values()));
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      show(visit, problem.status(), view, sent.with(problem, SettingsForm::fieldOf), List.of());
      return;
    }
    List<Difference> differing =
        Difference.between(sent, now.values(), SettingsForm.compared(sent, now.values()));
    if (differing.isEmpty() && form.value("api_key").isEmpty()) {
      visit.redirect(ServiceAddress.path(view.instance().ref()));
      return;
    }
    FormState again = sent.having(Versions.FIELD, now.value(Versions.FIELD));
    Problem explained = Difference.problem(problem, "service");
    show(visit, explained.status(), view, again.with(explained), differing);
  }

  private static FormState unchanged(Actor actor, InstanceView view) {
    return FormState.of(SettingsForm.shown(view.instance(), ServiceRights.of(actor, view)))
        .having(Versions.FIELD, Long.toString(view.instance().version()));
  }

  private InstanceView find(Visit visit) {
    return Problems.valueOf(instances.find(visit.signedIn().actor(), ServiceAddress.of(visit)));
  }

  private void show(
      Visit visit, int status, InstanceView view, FormState form, List<Difference> differing) {
    Instance.Ref service = view.instance().ref();
    String back = ServiceAddress.path(service);
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Settings of " + service,
        "serviceSettings",
        new SettingsView(
            back + "/settings",
            back,
            view.instance().credentialKind() == CredentialKind.API_KEY
                && view.instance().hasApiKey(),
            view.instance().credentialKind().isMinted(),
            view.instance().isSystemLevel(),
            view.instance().settings(),
            view.instance().customHeaderNames().stream().map(HeaderName::value).toList(),
            ServiceHead.of(visit.signedIn().actor(), view, ServiceTab.SETTINGS),
            form,
            differing));
  }

  /**
   * The page on which a service's settings are changed.
   *
   * @param path the path to which the form is sent
   * @param back the address of the service's page
   * @param hasKey whether a key is stored. With a stored key, a change of the endpoint requires a
   *     new key
   * @param bound whether a credential that is not a key is bound to the endpoint
   * @param systemLevel whether the service is a system-level service; the form of such a service
   *     has the field "audience"
   * @param stored the stored settings
   * @param headerNames the names of the stored custom headers, without their values
   * @param differing the fields that somebody else changed while the form was open
   */
  public record SettingsView(
      String path,
      String back,
      boolean hasKey,
      boolean bound,
      boolean systemLevel,
      InstanceSettings stored,
      List<String> headerNames,
      ServiceHead head,
      FormState form,
      List<Difference> differing) {
    public SettingsView {
      headerNames = List.copyOf(headerNames);
      differing = List.copyOf(differing);
    }

    public ServiceRights rights() {
      return head.rights();
    }

    /** The scalar fields that the given right lets the viewer change. */
    public List<ScalarField<?>> fields(Action needed) {
      return SettingsForm.fields(rights(), provider(), needed);
    }

    /**
     * Returns the fields that the viewer sees but can't change, because the prices of calls depend
     * on them.
     */
    public List<Fact> fixed() {
      return Fact.of(stored.scalars(), SettingsForm.fixed(rights(), provider()));
    }

    private Provider provider() {
      return stored.fields().provider();
    }

    /**
     * Returns those scalar fields that the viewer may change in the section about the provider's
     * limits.
     */
    public List<ScalarField<?>> otherFields() {
      return SettingsForm.otherFields(rights());
    }

    /**
     * The field that says who may use a system-level service; empty if the viewer may not change
     * it.
     */
    public List<ScalarField<?>> audience() {
      return systemLevel && rights().granted().contains(InstanceField.AUDIENCE.needed())
          ? List.of(InstanceField.AUDIENCE.scalar())
          : List.of();
    }

    public String hint(ScalarField<?> field) {
      if (field != DefinitionFields.ENDPOINT || !(hasKey || bound)) {
        return field.words().help();
      }
      return hasKey
          ? "The stored key works for this endpoint only. For another one, also enter the key"
          : "The credential works for this endpoint only. Change both under Credential, on the"
              + " service's page";
    }

    /** The number of custom headers that can be typed into the form. */
    public int headerRows() {
      return Math.min(SettingsForm.MOST_HEADERS, Math.max(4, headerNames.size() + 2));
    }
  }
}
