package io.claviger.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.webhooks.port.WebhookSender.Posting;
import io.claviger.domain.accounts.User;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import io.claviger.domain.webhooks.WebhookUrl;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bodies of messages. Slack's page "Formatting text for app surfaces" (api.slack.com, as of
 * September 2023) asks to escape &amp;, &lt; and &gt; alone; mentions such as {@code <!channel>}
 * begin with an unescaped bracket. Microsoft's page "Create Incoming Webhooks" (msteams-docs, 25
 * January 2023) has the envelope of an Adaptive Card.
 */
final class WebhookBodyTest {
  private static final Instant AT = Instant.parse("2026-03-11T10:00:00Z");
  private static final String HOSTILE = "<!channel> *b* [x](https://evil.example) <at>all</at> &\"";
  private static final Optional<URI> PUBLIC = Optional.of(URI.create("https://claviger.example/"));

  private static String body(WebhookFormat format, Optional<URI> url) {
    Posting posting =
        new Posting(
            new User.Id(new UUID(0, 1)),
            WebhookUrl.of("https://hooks.example/"),
            format,
            new WebhookMessage.Happened(
                new UUID(0, 2),
                EventType.REQUEST_CREATED,
                List.of(new Fact("service", "alice/x"), new Fact("by", HOSTILE)),
                Optional.of("/console/requests"),
                AT),
            HolderNames.NONE,
            AT);
    return new String(WebhookBody.of(posting, url), StandardCharsets.UTF_8);
  }

  @Test
  void programs_get_the_facts_and_the_page_that_answers() {
    assertThat(body(WebhookFormat.PLAIN, PUBLIC))
        .startsWith(
            "{\"type\":\"request.created\",\"timestamp\":\"2026-03-11T10:00:00Z\",\"data\":{"
                + "\"service\":\"alice/x\",\"by\":\"<!channel> *b* ")
        .endsWith("\"link\":\"https://claviger.example/console/requests\"}}");
  }

  @ParameterizedTest
  @EnumSource(WebhookFormat.class)
  void without_a_public_address_there_is_no_link(WebhookFormat format) {
    assertThat(body(format, Optional.empty())).doesNotContain("/console/", "Open in Claviger");
  }

  @Test
  void slack_gets_text_in_which_nothing_is_markup_or_a_mention() {
    assertThat(body(WebhookFormat.SLACK, PUBLIC))
        .isEqualTo(
            "{\"text\":\"Somebody asks to borrow more of a service.\",\"unfurl_links\":false,"
                + "\"unfurl_media\":false,\"blocks\":[{\"type\":\"section\",\"text\":{"
                + "\"type\":\"plain_text\",\"text\":\"Somebody asks to borrow more of a service."
                + "\\nservice: alice/x\\nby: &lt;!channel&gt; *b* [x](https://evil.example)"
                + " &lt;at&gt;all&lt;/at&gt; &amp;\\\"\"}},{\"type\":\"section\",\"text\":{"
                + "\"type\":\"mrkdwn\",\"text\":"
                + "\"<https://claviger.example/console/requests|Open in Claviger>\"}}]}");
  }

  /** Text runs know no Markdown, and a mention needs an entity. */
  @Test
  void teams_gets_a_card_whose_texts_are_runs_without_markdown() {
    assertThat(body(WebhookFormat.TEAMS, PUBLIC))
        .startsWith(
            "{\"type\":\"message\",\"attachments\":[{"
                + "\"contentType\":\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,"
                + "\"content\":{")
        .contains(
            "{\"type\":\"TextRun\",\"text\":\"by: <!channel> *b* [x](https://evil.example)",
            "\"actions\":[{\"type\":\"Action.OpenUrl\",\"title\":\"Open in Claviger\","
                + "\"url\":\"https://claviger.example/console/requests\"}]")
        .doesNotContain("\"TextBlock\"", "msteams");
  }
}
