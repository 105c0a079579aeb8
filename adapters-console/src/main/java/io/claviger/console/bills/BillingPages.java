package io.claviger.console.bills;

import io.claviger.application.bills.BillingCredentials;
import io.claviger.application.bills.BillingCredentials.NewCredential;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.StatedScope;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The page on which the owner enters the key with which Claviger reads the bill of a service from
 * the provider. Only the owner of the service can open this page.
 */
public final class BillingPages implements ConsolePage {
  private static final String PATH = ServiceAddress.PATTERN + "/billing";
  private static final String CONFIRMED = "may_do_more";

  /**
   * The names of the fields whose values are shown again if the form is refused. The value of the
   * field with the key is not shown again.
   */
  private static final Set<String> SHOWN_AGAIN =
      Set.of("endpoint", "project", "workspace", "api_key_id", CONFIRMED, Versions.FIELD);

  private final Instances instances;
  private final BillingCredentials credentials;
  private final Views views;

  public BillingPages(Instances instances, BillingCredentials credentials, Views views) {
    this.instances = instances;
    this.credentials = credentials;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::show, this::store);
    routes.pageAt(PATH + "/delete").openPost(visitors.signedIn(this::delete));
  }

  private void store(Visit visit) {
    Submission.of(
        visit,
        SHOWN_AGAIN,
        form -> {
          store(visit, form);
          return path(visit);
        },
        this::show);
  }

  private void store(Visit visit, Form form) {
    Fields fields = new Fields(form);
    Optional<Secret> key = fields.requiredApiKey("api_key", "Paste the key.");
    try {
      Optional<Endpoint> endpoint = fields.optional("endpoint", Endpoint::of);
      Optional<String> project = fields.optional("project", BillingCredential::checkedId);
      Optional<String> workspace = fields.optional("workspace", BillingCredential::checkedId);
      Optional<String> apiKeyId = fields.optional("api_key_id", BillingCredential::checkedId);
      boolean confirmed = form.value(CONFIRMED).filter("yes"::equals).isPresent();
      NewCredential wanted =
          fields.check(
              () ->
                  new NewCredential(
                      key.orElseThrow(),
                      endpoint,
                      new StatedScope(project, workspace),
                      apiKeyId,
                      confirmed));
      Problems.throwIfRefused(
          credentials.put(
              visit.signedIn().actor(),
              ServiceAddress.of(visit),
              Versions.unchanged(form.value(Versions.FIELD).orElse("")),
              wanted));
    } finally {
      key.ifPresent(Secret::close);
    }
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Problems.throwIfRefused(
              credentials.delete(
                  visit.signedIn().actor(),
                  ServiceAddress.of(visit),
                  Versions.unchanged(form.value(Versions.FIELD).orElse(""))));
          return path(visit);
        },
        this::show);
  }

  private static String path(Visit visit) {
    return ServiceAddress.path(ServiceAddress.of(visit)) + "/billing";
  }

  private void show(Visit visit, int status, FormState form) {
    Instance.Ref service = ServiceAddress.of(visit);
    // Refuses viewers who do not see the service.
    InstanceView seen = Problems.valueOf(instances.find(visit.signedIn().actor(), service));
    StoredView stored = stored(visit, service);
    String present = stored == null ? "" : Long.toString(stored.version());
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Billing credential of " + service,
        "billing",
        new BillingView(
            path(visit),
            ServiceAddress.path(service),
            service.toString(),
            stored,
            Versions.kept(form, status, present),
            "If you enter no address, the service's endpoint is asked, provided that you set the"
                + " endpoint yourself: "
                + seen.instance().endpoint().url(),
            form));
  }

  /**
   * Returns the stored credential; null if no credential is stored. Refuses the request of anybody
   * who is not the owner of the service.
   */
  private @Nullable StoredView stored(Visit visit, Instance.Ref service) {
    return switch (credentials.find(visit.signedIn().actor(), service)) {
      case Outcome.Done<BillingCredential> found -> StoredView.of(found.value());
      case Outcome.Refused<BillingCredential> refused -> {
        if (refused.why() instanceof Refusal.NotFound) {
          yield null;
        }
        throw new RefusedException(refused.why());
      }
    };
  }

  /**
   * The page with the form for the credential, and with the stored credential.
   *
   * @param back the address of the service's page
   * @param stored the stored credential; null if no credential is stored
   * @param version the version that the form replaces; empty if no credential was stored
   * @param endpointHint a sentence that says which address Claviger asks for the bill if the owner
   *     enters no address
   */
  public record BillingView(
      String path,
      String back,
      String service,
      @Nullable StoredView stored,
      String version,
      String endpointHint,
      FormState form) {}

  /**
   * A stored credential, without its key.
   *
   * @param scope the project or workspace to which the figures are confined; null if they cover the
   *     whole organization
   * @param setAt when the credential was stored (ISO 8601)
   * @param version the version that the credential had when the page was shown
   */
  public record StoredView(
      String endpoint,
      String scopeLabel,
      @Nullable String scope,
      @Nullable String apiKeyId,
      String modelAccess,
      String setAt,
      long version) {
    static StoredView of(BillingCredential credential) {
      return new StoredView(
          credential.endpoint().url(),
          credential.api().scopeField(),
          credential.scope().orElse(null),
          credential.apiKeyId().orElse(null),
          switch (credential.modelAccess()) {
            case YES -> "Yes, as you confirmed.";
            case NO -> "No.";
            case UNKNOWN -> "The provider does not say.";
          },
          credential.setAt().toString(),
          credential.version());
    }
  }
}
