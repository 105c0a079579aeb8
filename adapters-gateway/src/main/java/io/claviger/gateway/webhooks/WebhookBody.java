package io.claviger.gateway.webhooks;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.webhooks.port.WebhookSender.Posting;
import io.claviger.domain.bills.BillAmount;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the body of a message in the webhook's format. Names and texts by users are plain data: no
 * format can interpret them as markup, mentions or links.
 */
final class WebhookBody {
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * The maximum number of characters in a text for Slack, after escaping. Escaping can turn one
   * character into five.
   */
  private static final int LONGEST_SLACK_TEXT = 2_900;

  private final JsonGenerator json;
  private final WebhookMessage message;
  private final HolderNames names;
  private final Optional<String> link;

  private WebhookBody(JsonGenerator json, Posting posting, Optional<URI> publicUrl) {
    this.json = json;
    this.message = posting.message();
    this.names = posting.names();
    this.link = publicUrl.flatMap(url -> page().map(page -> withoutSlash(url) + page));
  }

  static byte[] of(Posting posting, Optional<URI> publicUrl) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      WebhookBody body = new WebhookBody(json, posting, publicUrl);
      switch (posting.format()) {
        case PLAIN -> body.writePlain();
        case SLACK -> body.writeSlack();
        case TEAMS -> body.writeTeams();
      }
    }
    return out.toByteArray();
  }

  private static String withoutSlash(URI url) {
    String text = url.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** Returns the URL of the console's page on which people can react to the event. */
  private Optional<String> page() {
    return switch (message) {
      case WebhookMessage.ThresholdReached unused -> Optional.of("/console/budgets");
      case WebhookMessage.BillUnexplained unused ->
          names.service().map(service -> "/console/services/" + service);
      case WebhookMessage.Happened happened -> happened.page();
    };
  }

  /**
   * Writes the members {@code type}, {@code timestamp} and {@code data}, as Standard Webhooks
   * recommends. Budgets and bills have the same form as in Claviger's API.
   */
  private void writePlain() {
    json.writeStartObject();
    json.writeStringProperty("type", message.type().wireName());
    json.writeStringProperty("timestamp", message.createdAt().toString());
    json.writeObjectPropertyStart("data");
    switch (message) {
      case WebhookMessage.ThresholdReached reached -> write(reached);
      case WebhookMessage.BillUnexplained bill ->
          facts(bill).forEach(fact -> json.writeStringProperty(fact.name(), fact.value()));
      case WebhookMessage.Happened happened ->
          happened.facts().forEach(fact -> json.writeStringProperty(fact.name(), fact.value()));
    }
    link.ifPresent(url -> json.writeStringProperty("link", url));
    json.writeEndObject();
    json.writeEndObject();
  }

  private void write(WebhookMessage.ThresholdReached reached) {
    json.writeNumberProperty("threshold", reached.threshold());
    json.writeObjectPropertyStart("holder");
    json.writeStringProperty("type", reached.holder().kind().wireName());
    writeText("service", names.service().map(Object::toString));
    writeText("group", names.group().map(Object::toString));
    writeText("project", names.project().map(Object::toString));
    writeText("user", names.user().map(Object::toString));
    writeText("token", names.token());
    json.writeEndObject();
    json.writeStringProperty("amount", reached.budget().unit().text(reached.amount()));
    json.writeStringProperty("settled", reached.budget().unit().text(reached.settled()));
    json.writeStringProperty("unit", reached.budget().unit().wireName());
    json.writeStringProperty("window", reached.budget().window().wireName());
    json.writeStringProperty("zone", reached.budget().zone().name());
    json.writeStringProperty("window_starts_at", reached.windowStartsAt().toString());
    writeText("resets_at", reached.resetsAt().map(Instant::toString));
  }

  private void writeText(String name, Optional<String> text) {
    if (text.isPresent()) {
      json.writeStringProperty(name, text.get());
    } else {
      json.writeNullProperty(name);
    }
  }

  private List<Fact> facts() {
    return switch (message) {
      case WebhookMessage.ThresholdReached reached -> facts(reached);
      case WebhookMessage.BillUnexplained bill -> facts(bill);
      case WebhookMessage.Happened happened -> happened.facts();
    };
  }

  private List<Fact> facts(WebhookMessage.ThresholdReached reached) {
    List<Fact> facts = new ArrayList<>();
    names.service().ifPresent(service -> facts.add(new Fact("service", service.toString())));
    names.group().ifPresent(group -> facts.add(new Fact("group", group.toString())));
    names.project().ifPresent(project -> facts.add(new Fact("project", project.toString())));
    names.user().ifPresent(user -> facts.add(new Fact("user", user.toString())));
    names.token().ifPresent(token -> facts.add(new Fact("token", token)));
    String unit = reached.budget().unit().wireName();
    facts.add(
        new Fact(
            "used",
            "%d%% of %s %s a %s"
                .formatted(
                    reached.threshold(),
                    reached.budget().unit().text(reached.amount()),
                    unit,
                    reached.budget().window().wireName())));
    reached.resetsAt().ifPresent(at -> facts.add(new Fact("resets_at", at.toString())));
    return facts;
  }

  private List<Fact> facts(WebhookMessage.BillUnexplained bill) {
    List<Fact> facts = new ArrayList<>();
    names.service().ifPresent(service -> facts.add(new Fact("service", service.toString())));
    facts.add(new Fact("month", bill.month().toString()));
    facts.add(new Fact("currency", "USD"));
    facts.add(new Fact("theirs", BillAmount.text(bill.theirs())));
    facts.add(new Fact("ours", BillAmount.text(bill.ours())));
    facts.add(new Fact("unexplained", BillAmount.text(bill.unexplained())));
    return facts;
  }

  /** Returns a sentence about an event. The sentence contains no text that users wrote. */
  private static String sentence(EventType type) {
    return switch (type) {
      case REQUEST_CREATED -> "Somebody asks to borrow more of a service.";
      case REQUEST_GRANTED -> "Your request to borrow was granted.";
      case TRANSFER_OFFERED -> "You are offered services or projects.";
      case KEY_REJECTED -> "The provider rejects a key.";
      case KEY_OLD -> "A key is 90 days old.";
      case CREDENTIAL_FAILED -> "A credential of a service fails.";
      case BUDGET_CROSSED -> "The usage of a budget has reached a threshold.";
      case SHARE_EXPIRING -> "A share ends within a week.";
      case BILL_DIFFERS -> "Much of a provider's bill is unexplained.";
      case ADMINISTRATOR_CHANGED -> "Somebody has become an administrator, or is no longer one.";
      case TOKEN_LEAKED -> "An access token leaked and was ended.";
      case TOKEN_BOUND -> "A bound access token was presented where it is not accepted.";
      case WEBHOOK_TEST -> "This is a test of the webhook.";
    };
  }

  private static String line(Fact fact) {
    return fact.name().replace('_', ' ') + ": " + fact.value();
  }

  /**
   * Writes users' texts as {@code plain_text}, in which Slack interprets no markup and no mentions.
   * Only the link is {@code mrkdwn}.
   */
  private void writeSlack() {
    StringBuilder text = new StringBuilder(sentence(message.type()));
    for (Fact fact : facts()) {
      String line = "\n" + escaped(line(fact));
      if (text.length() + line.length() > LONGEST_SLACK_TEXT) {
        break;
      }
      text.append(line);
    }
    json.writeStartObject();
    json.writeStringProperty("text", sentence(message.type()));
    json.writeBooleanProperty("unfurl_links", false);
    json.writeBooleanProperty("unfurl_media", false);
    json.writeArrayPropertyStart("blocks");
    writeSection("plain_text", text.toString());
    link.ifPresent(url -> writeSection("mrkdwn", "<" + escaped(url) + "|Open in Claviger>"));
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeSection(String type, String text) {
    json.writeStartObject();
    json.writeStringProperty("type", "section");
    json.writeObjectPropertyStart("text");
    json.writeStringProperty("type", type);
    json.writeStringProperty("text", text);
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Escapes the three characters that Slack requires to be escaped. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /**
   * Writes users' texts as text runs: Adaptive Cards interpret Markdown in text blocks, but not in
   * text runs. A mention would require an entry in {@code msteams}, which is never written.
   */
  private void writeTeams() {
    json.writeStartObject();
    json.writeStringProperty("type", "message");
    json.writeArrayPropertyStart("attachments");
    json.writeStartObject();
    json.writeStringProperty("contentType", "application/vnd.microsoft.card.adaptive");
    json.writeNullProperty("contentUrl");
    json.writeObjectPropertyStart("content");
    json.writeStringProperty("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    json.writeStringProperty("type", "AdaptiveCard");
    json.writeStringProperty("version", "1.2");
    json.writeArrayPropertyStart("body");
    writeRuns(sentence(message.type()), true);
    facts().forEach(fact -> writeRuns(line(fact), false));
    json.writeEndArray();
    link.ifPresent(
        url -> {
          json.writeArrayPropertyStart("actions");
          json.writeStartObject();
          json.writeStringProperty("type", "Action.OpenUrl");
          json.writeStringProperty("title", "Open in Claviger");
          json.writeStringProperty("url", url);
          json.writeEndObject();
          json.writeEndArray();
        });
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeRuns(String text, boolean bold) {
    json.writeStartObject();
    json.writeStringProperty("type", "RichTextBlock");
    json.writeArrayPropertyStart("inlines");
    json.writeStartObject();
    json.writeStringProperty("type", "TextRun");
    json.writeStringProperty("text", text);
    if (bold) {
      json.writeStringProperty("weight", "Bolder");
    }
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }
}
