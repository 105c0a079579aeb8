package io.claviger.persistence.webhooks;

import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.DeliveryRetry;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link WebhookStore} with the tables {@code webhooks} and {@code webhook_messages}.
 */
public final class JdbcWebhooks implements WebhookStore {
  /** The columns of row {@code w} of {@code webhooks} that {@link #WEBHOOK} reads. */
  private static final String COLUMNS =
      """
      w.id, w.user_id, w.group_id, w.url, cast(w.thresholds as integer[]) as thresholds, w.events,
        w.format, w.version, w.created_at, w.updated_at""";

  private static final RowMapper<Webhook> WEBHOOK = Row.mapper(WebhookRows::webhook);
  private static final RowMapper<StoredWebhook> STORED = Row.mapper(WebhookRows::stored);
  private static final RowMapper<DueDelivery> DUE = Row.mapper(WebhookRows::due);

  private final JdbcClient jdbc;

  public JdbcWebhooks(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<StoredWebhook> find(GranteeId receiver) {
    return jdbc.sql(
            """
            select %s, w.delivered_at, w.failed_at, w.failure,
              (select cast(count(*) as integer) from webhook_messages m
              where m.webhook_id = w.id) as waiting
            from webhooks w
            where w.user_id = :user or w.group_id = :group
            """
                .formatted(COLUMNS))
        .param("user", user(receiver))
        .param("group", group(receiver))
        .query(STORED)
        .optional();
  }

  @Override
  public Optional<Webhook> lock(GranteeId receiver) {
    return jdbc.sql(
            """
            select %s
            from webhooks w
            where w.user_id = :user or w.group_id = :group
            for update
            """
                .formatted(COLUMNS))
        .param("user", user(receiver))
        .param("group", group(receiver))
        .query(WEBHOOK)
        .optional();
  }

  /**
   * The first message is due immediately, even if the node's clock is ahead of the database's
   * clock.
   */
  @Override
  public void insert(Webhook webhook, SealedValue secret) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into webhooks (id, user_id, group_id, url, thresholds, events, format,
                  secret_sealed, version, created_at, updated_at, next_attempt_at)
                values (:id, :user, :group, :url, cast(:thresholds as smallint[]), :events,
                  :format, :secret, :version, :created_at, :updated_at,
                  least(:updated_at, clock_timestamp()))
                """)
            .param("id", webhook.id().value())
            .param("user", user(webhook.receiver()))
            .param("group", group(webhook.receiver()))
            .param("url", webhook.url().url())
            .param("thresholds", thresholds(webhook))
            .param("events", webhook.events().wireNames().toArray(String[]::new))
            .param("format", webhook.format().wireName())
            .param("secret", secret.bytes())
            .param("version", webhook.version())
            .param("created_at", Parameters.at(webhook.createdAt()))
            .param("updated_at", Parameters.at(webhook.updatedAt())));
  }

  @Override
  public boolean update(Webhook webhook) {
    return jdbc.sql(
                """
                update webhooks
                set thresholds = cast(:thresholds as smallint[]), events = :events,
                  format = :format, version = :version, updated_at = :updated_at
                where id = :id
                """)
            .param("id", webhook.id().value())
            .param("thresholds", thresholds(webhook))
            .param("events", webhook.events().wireNames().toArray(String[]::new))
            .param("format", webhook.format().wireName())
            .param("version", webhook.version())
            .param("updated_at", Parameters.at(webhook.updatedAt()))
            .update()
        == 1;
  }

  private static @Nullable UUID user(GranteeId receiver) {
    return receiver instanceof User.Id user ? user.value() : null;
  }

  private static @Nullable UUID group(GranteeId receiver) {
    return receiver instanceof Group.Id group ? group.value() : null;
  }

  private static Integer[] thresholds(Webhook webhook) {
    return webhook.thresholds().percents().toArray(Integer[]::new);
  }

  @Override
  public boolean delete(Webhook.Id webhook) {
    return jdbc.sql("delete from webhooks where id = :id").param("id", webhook.value()).update()
        == 1;
  }

  @Override
  public boolean anyMessage() {
    return jdbc.sql("select exists (select from webhook_messages)").query(Boolean.class).single();
  }

  /** Uses a lock that does not block transactions that write new messages. */
  @Override
  public List<DueDelivery> takeDue(Instant now, Duration lease, int most, Set<Webhook.Id> except) {
    deleteOfSuspended();
    return jdbc.sql(
            """
            with due as (
              select w.id
              from webhooks w
              where (w.next_attempt_at <= :now
                  or w.next_attempt_at
                    > greatest(cast(:now as timestamptz), statement_timestamp())
                      + make_interval(secs => :latest))
                and w.id in (select m.webhook_id from webhook_messages m)
                and not exists (
                  select from users u where u.id = w.user_id and u.suspended_at is not null)
                and w.id <> all (cast(:except as uuid[]))
              order by w.next_attempt_at, w.id
              limit :most
              for no key update of w skip locked),
            leased as (
              update webhooks w
              set next_attempt_at = :until
              from due
              where w.id = due.id
              returning %s, w.secret_sealed, w.failures, w.next_attempt_at)
            select l.*, m.id as message_id, m.account as message_account,
              m.unit as message_unit, m."window" as message_window, m.zone as message_zone,
              cast(m.threshold as integer) as message_threshold, m.amount as message_amount,
              m.settled as message_settled, m.window_starts_at as message_window_starts_at,
              m.resets_at as message_resets_at, m.created_at as message_created_at,
              m.service_id as message_service_id, to_char(m.month, 'YYYY-MM') as message_month,
              m.theirs as message_theirs, m.ours as message_ours,
              m.unexplained as message_unexplained, m.event as message_event,
              m.facts as message_facts, m.page as message_page
            from leased l
            cross join lateral (
              select o.id, o.account, o.unit, o."window", o.zone, o.threshold, o.amount, o.settled,
                o.window_starts_at, o.resets_at, o.created_at, o.service_id, o.month, o.theirs,
                o.ours, o.unexplained, o.event, o.facts, o.page
              from webhook_messages o
              where o.webhook_id = l.id
              order by o.created_at, o.threshold, o.id
              limit 1) m
            """
                .formatted(COLUMNS))
        .param("now", Parameters.at(now))
        .param("until", Parameters.at(now.plus(lease)))
        .param("latest", DeliveryRetry.LATEST.toSeconds())
        .param("most", most)
        .param("except", Parameters.texts(except, id -> id.value().toString()))
        .query(DUE)
        .list();
  }

  /**
   * Deletes the waiting messages to webhooks of suspended users. Skips messages that another node
   * is already deleting.
   */
  private void deleteOfSuspended() {
    Database.update(
        jdbc.sql(
            """
                delete from webhook_messages
                where id in (
                  select m.id
                  from webhook_messages m
                  join webhooks w on w.id = m.webhook_id
                  join users u on u.id = w.user_id
                  where u.suspended_at is not null
                  for update of m skip locked)
                """));
  }

  @Override
  public boolean addTest(Webhook.Id webhook, WebhookMessage.Happened message) {
    return jdbc.sql(
                """
                insert into webhook_messages (id, webhook_id, event, facts, page, created_at)
                select :id, w.id, :event, :facts, :page, :at
                from webhooks w
                where w.id = :webhook
                  and %s
                  and not exists (
                    select from webhook_messages m
                    where m.webhook_id = w.id and m.event = :event)
                """
                    .formatted(MessageRoom.CONDITION))
            .param("id", message.id())
            .param("webhook", webhook.value())
            .param("event", message.type().wireName())
            .param("facts", JdbcEvents.facts(message.facts()))
            .param("page", message.page().orElse(null))
            .param("at", Parameters.at(message.createdAt()))
            .update()
        == 1;
  }

  @Override
  public void recordDelivered(DueDelivery due, Instant now) {
    Database.update(
        jdbc.sql("delete from webhook_messages where id = :id").param("id", due.message().id()));
    Database.update(
        jdbc.sql(
                """
                update webhooks
                set failures = 0, failed_at = null, failure = null, delivered_at = :now,
                  next_attempt_at = :now
                where id = :id and next_attempt_at = :lease
                """)
            .param("id", due.webhook().id().value())
            .param("lease", Parameters.at(due.leasedUntil()))
            .param("now", Parameters.at(now)));
  }

  @Override
  public void recordFailed(DueDelivery due, DeliveryFailure why, Instant now, Instant nextAttempt) {
    Database.update(
        jdbc.sql(
                """
                update webhooks
                set failures = least(failures, 1000000) + 1, failed_at = :now, failure = :why,
                  next_attempt_at = :next
                where id = :id and next_attempt_at = :lease
                """)
            .param("id", due.webhook().id().value())
            .param("lease", Parameters.at(due.leasedUntil()))
            .param("why", why.wireName())
            .param("now", Parameters.at(now))
            .param("next", Parameters.at(nextAttempt)));
  }

  @Override
  public int deleteCreatedBefore(Instant time) {
    return jdbc.sql("delete from webhook_messages where created_at < :time")
        .param("time", Parameters.at(time))
        .update();
  }
}
