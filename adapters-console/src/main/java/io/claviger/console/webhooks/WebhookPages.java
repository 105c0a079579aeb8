package io.claviger.console.webhooks;

import io.claviger.application.shared.Precondition;
import io.claviger.application.webhooks.IssuedSecret;
import io.claviger.application.webhooks.Webhooks;
import io.claviger.application.webhooks.Webhooks.SavedWebhook;
import io.claviger.application.webhooks.port.WebhookStore.Failure;
import io.claviger.application.webhooks.port.WebhookStore.StoredWebhook;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.TypedNumbers;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The webhook for messages to a user, a group or the installation. */
public final class WebhookPages implements ConsolePage {
  private static final String PATH = "/console/people/{user}/webhook";
  private static final String GROUP_PATH = "/console/groups/{group}/webhook";
  private static final String URL = "url";
  private static final String THRESHOLDS = "thresholds";
  private static final String EVENTS = "events";
  private static final String FORMAT = "format";
  private static final List<String> FIELDS = List.of(URL, FORMAT, EVENTS, THRESHOLDS);

  private static final String SAVED_ALREADY =
      "The webhook was saved already, by an earlier form. The secret was in the answer to the"
          + " earlier form. If the secret is lost, delete the webhook and create it again.";

  private final Webhooks webhooks;
  private final Views views;

  public WebhookPages(Webhooks webhooks, Views views) {
    this.webhooks = webhooks;
    this.views = views;
  }

  public static String of(Handle user) {
    return Area.PEOPLE.path(user) + "/webhook";
  }

  private static String path(GranteeName receiver) {
    return receiver.isGroup()
        ? Area.GROUPS.path(receiver.handle()) + "/webhook"
        : of(receiver.handle());
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    for (String path : List.of(PATH, GROUP_PATH)) {
      visitors.addPage(routes, path, this::ask, this::save);
      routes.pageAt(path + "/delete").openPost(visitors.signedIn(this::delete));
      routes.pageAt(path + "/test").openPost(visitors.signedIn(this::test));
    }
  }

  private void ask(Visit visit) {
    Optional<StoredWebhook> stored = find(visit);
    show(visit, 200, stored, FormState.of(shown(stored)), null, List.of());
  }

  private void save(Visit visit) {
    Form form = visit.form();
    try {
      Fields fields = new Fields(form);
      Optional<WebhookUrl> url =
          fields.required(URL, "Say where messages are to be posted.", WebhookUrl::of);
      Optional<Thresholds> thresholds = fields.optional(THRESHOLDS, WebhookPages::thresholds);
      Optional<SelectedEvents> events = fields.optional(EVENTS, WebhookPages::events);
      Optional<WebhookFormat> format = fields.optional(FORMAT, WebhookFormat::of);
      SavedWebhook saved =
          Problems.valueOf(
              webhooks.save(
                  visit.signedIn().actor(),
                  receiver(visit),
                  Versions.of(form).orElse(Precondition.CREATE_ONLY),
                  fields.check(url::orElseThrow),
                  new Webhook.Choice(
                      thresholds.orElse(Thresholds.USUAL),
                      events.orElse(SelectedEvents.ALL),
                      format.orElse(WebhookFormat.PLAIN))));
      Optional<StoredWebhook> stored =
          Optional.of(new StoredWebhook(saved.webhook(), saved.deliveries()));
      show(
          visit,
          200,
          stored,
          FormState.of(shown(stored)),
          saved.secret().map(IssuedSecret::text).orElse(null),
          List.of());
    } catch (RuntimeException e) {
      refuse(visit, form, Problems.orThrow(e));
    }
  }

  private void refuse(Visit visit, Form form, Problem problem) {
    Optional<StoredWebhook> stored = find(visit);
    Map<String, String> now = shown(stored);
    FormState sent =
        FormState.sent(form, Set.copyOf(FIELDS))
            .having(Versions.FIELD, now.getOrDefault(Versions.FIELD, ""));
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      String opened = form.value(Versions.FIELD).orElse("");
      show(
          visit,
          problem.status(),
          stored,
          sent.having(Versions.FIELD, opened).with(problem),
          null,
          List.of());
      return;
    }
    List<Difference> differing = Difference.between(sent, now, FIELDS);
    Problem explained =
        differing.isEmpty()
            ? new Problem(problem.status(), problem.code(), SAVED_ALREADY)
            : Difference.problem(problem, "webhook");
    show(visit, explained.status(), stored, sent.with(explained), null, differing);
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        form ->
            path(
                Problems.valueOf(
                    webhooks.delete(
                        visit.signedIn().actor(), receiver(visit), Versions.demandedBy(form)))),
        (problem, sent) -> {
          Optional<StoredWebhook> stored = find(visit);
          FormState now = FormState.of(shown(stored)).with(problem);
          show(visit, problem.status(), stored, now, null, List.of());
        });
  }

  private void test(Visit visit) {
    Submission.of(
        visit,
        form -> path(Problems.valueOf(webhooks.test(visit.signedIn().actor(), receiver(visit)))),
        (problem, sent) -> {
          Optional<StoredWebhook> stored = find(visit);
          FormState now = FormState.of(shown(stored)).with(problem);
          show(visit, problem.status(), stored, now, null, List.of());
        });
  }

  private static SelectedEvents events(String text) {
    return SelectedEvents.of(
        Stream.of(text.split("[,;\\s]+"))
            .filter(part -> !part.isEmpty())
            .map(EventType::of)
            .toList());
  }

  private static Thresholds thresholds(String text) {
    return Thresholds.of(
        Stream.of(text.split("[,;%\\s]+"))
            .filter(part -> !part.isEmpty())
            .map(part -> TypedNumbers.whole(part, WebhookPages::threshold))
            .toList());
  }

  private static int threshold(int percent) {
    Thresholds unused = Thresholds.of(List.of(percent));
    return percent;
  }

  private static Map<String, String> shown(Optional<StoredWebhook> stored) {
    return stored
        .map(StoredWebhook::webhook)
        .map(
            webhook ->
                Map.of(
                    URL,
                    webhook.url().url(),
                    THRESHOLDS,
                    text(webhook.thresholds()),
                    EVENTS,
                    String.join(", ", webhook.events().wireNames()),
                    FORMAT,
                    webhook.format().wireName(),
                    Versions.FIELD,
                    Long.toString(webhook.version())))
        .orElseGet(
            () ->
                Map.of(THRESHOLDS, text(Thresholds.USUAL), FORMAT, WebhookFormat.PLAIN.wireName()));
  }

  private static String text(Thresholds thresholds) {
    return thresholds.percents().stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /**
   * Returns the webhook; empty if there is no webhook yet. A viewer who may not manage the webhook
   * gets the status 404.
   */
  private Optional<StoredWebhook> find(Visit visit) {
    return Problems.valueOf(webhooks.look(visit.signedIn().actor(), receiver(visit)));
  }

  private static GranteeName receiver(Visit visit) {
    return visit.path().startsWith("/console/groups/")
        ? GranteeName.group(new Handle(visit.pathParam("group")))
        : GranteeName.user(new Handle(visit.pathParam("user")));
  }

  private void show(
      Visit visit,
      int status,
      Optional<StoredWebhook> stored,
      FormState form,
      @Nullable String secret,
      List<Difference> differing) {
    GranteeName receiver = receiver(visit);
    views.show(
        visit,
        status,
        Area.BUDGETS,
        title(receiver, visit.signedIn().actor().handle()),
        "webhook",
        new WebhookView(
            receiver.toString(),
            path(receiver),
            EventType.selectable().stream()
                .map(EventType::wireName)
                .collect(Collectors.joining(", ")),
            stored.map(WebhookPages::stored).orElse(null),
            form,
            secret,
            differing));
  }

  private static String title(GranteeName receiver, Handle viewer) {
    if (receiver.equals(GranteeName.user(viewer))) {
      return "Get messages";
    }
    return "Get messages for "
        + (receiver.equals(GranteeName.user(Handle.SYSTEM)) ? "the installation" : receiver);
  }

  private static WebhookView.WebhookStatus stored(StoredWebhook stored) {
    Optional<Failure> failure = stored.deliveries().failure();
    return new WebhookView.WebhookStatus(
        stored.webhook().url().url(),
        stored.deliveries().waiting(),
        stored.deliveries().deliveredAt().map(Object::toString).orElse(null),
        failure.map(Failure::why).map(WebhookPages::words).orElse(null),
        failure.map(Failure::at).map(Object::toString).orElse(null));
  }

  private static String words(DeliveryFailure failure) {
    return switch (failure) {
      case ADDRESS_NOT_ALLOWED -> "Claviger may not connect to the addresses of this host.";
      case UNREACHABLE -> "Nothing answers at this URL, or its certificate is not trusted.";
      case TIMED_OUT -> "No answer began in time.";
      case REJECTED -> "The answer was not a success.";
      case SECRET_UNUSABLE ->
          "The stored secret can't be opened. Delete the webhook and create it again.";
    };
  }

  /**
   * The page on which a user sets the URL to which messages are sent.
   *
   * @param receiver the receiver of the messages: the handle of a user, the handle of a group with
   *     its {@code @}, or {@code _system} for the installation
   * @param path the path to which the form is sent
   * @param events the names of all events that can be selected
   * @param stored the stored webhook; null if there is no webhook yet
   * @param secret the secret with which messages are signed; null unless the secret has just been
   *     created
   * @param differing the fields that somebody else changed while the form was open
   */
  public record WebhookView(
      String receiver,
      String path,
      String events,
      @Nullable WebhookStatus stored,
      FormState form,
      @Nullable String secret,
      List<Difference> differing) {
    public WebhookView {
      differing = List.copyOf(differing);
    }

    /**
     * A webhook that is stored, and how its deliveries went.
     *
     * @param waiting the number of messages that are waiting to be delivered
     * @param deliveredAt when the last message was delivered (ISO 8601); null if no message was
     *     delivered yet
     * @param failure the reason why the last attempt to deliver a message failed; null if it
     *     succeeded
     * @param failedAt when the last attempt failed (ISO 8601); null if it succeeded
     */
    public record WebhookStatus(
        String url,
        int waiting,
        @Nullable String deliveredAt,
        @Nullable String failure,
        @Nullable String failedAt) {}
  }
}
