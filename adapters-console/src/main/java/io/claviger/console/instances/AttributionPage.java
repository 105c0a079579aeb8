package io.claviger.console.instances;

import io.claviger.application.sharing.CallerAttributions;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CallerIdentifier;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows to which user an identifier belongs. In calls, the gateway sends such identifiers to the
 * service's provider.
 */
public final class AttributionPage implements ConsolePage {
  private static final String IDENTIFIER = "identifier";
  private static final int NOT_FOUND = 404;

  private final CallerAttributions attributions;
  private final Sharing sharing;
  private final Views views;

  public AttributionPage(CallerAttributions attributions, Sharing sharing, Views views) {
    this.attributions = attributions;
    this.sharing = sharing;
    this.views = views;
  }

  static String of(Instance.Ref service) {
    return ServiceAddress.path(service) + "/attribution";
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(ServiceAddress.PATTERN + "/attribution").openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Instance.Ref service = ServiceAddress.of(visit);
    // Refuses viewers who may not see the shares, even if the identifier in the address is invalid.
    Problems.throwIfRefused(sharing.count(visit.signedIn().actor(), service, Optional.empty()));
    FormState asked = FormState.asked(visit, Set.of(IDENTIFIER));
    if (asked.value(IDENTIFIER).isBlank()) {
      show(visit, 200, asked, null);
      return;
    }
    try {
      Fields fields = Fields.ofQuery(visit);
      Optional<CallerIdentifier> identifier =
          fields.required(IDENTIFIER, "Enter the identifier.", CallerIdentifier::new);
      AttributedUser found =
          Problems.valueOf(
              attributions.find(
                  visit.signedIn().actor(), service, fields.check(identifier::orElseThrow)));
      show(visit, 200, asked, found);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      Problem told =
          problem.status() == NOT_FOUND
              ? new Problem(
                  NOT_FOUND,
                  problem.code(),
                  "Nobody with this identifier has called this service in the last 400 days while "
                      + "its present owner owned it. A call appears here about a minute after it "
                      + "ended.")
              : problem;
      show(visit, told.status(), asked.with(told), null);
    }
  }

  private void show(Visit visit, int status, FormState asked, @Nullable AttributedUser found) {
    Instance.Ref service = ServiceAddress.of(visit);
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Whom an identifier of " + service + " means",
        "attribution",
        new AttributionView(
            of(service),
            ServiceAddress.path(service),
            service.toString(),
            asked,
            found == null ? null : found.handle().value(),
            found == null ? null : found.lastUsed().toString()));
  }

  /**
   * The form that asks to which user an identifier belongs, and the answer.
   *
   * @param back the address of the service's page
   * @param user the user to whom the identifier belongs; null if no question was sent yet, or if
   *     nobody was found
   * @param lastUsed the last day on which {@code user} called the service
   */
  public record AttributionView(
      String path,
      String back,
      String service,
      FormState asked,
      @Nullable String user,
      @Nullable String lastUsed) {}
}
