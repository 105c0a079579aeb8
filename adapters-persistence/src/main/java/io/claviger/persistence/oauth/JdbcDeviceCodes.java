package io.claviger.persistence.oauth;

import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.DeviceAuthorization.UserDecision;
import io.claviger.domain.oauth.UserCode;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link DeviceCodeStore} with the table {@code device_codes}. */
public final class JdbcDeviceCodes implements DeviceCodeStore {
  private static final RowMapper<DeviceAuthorization> DEVICE = Row.mapper(row -> device(row));
  private static final String ROWS =
      """
      select
        d.id, d.user_code, d.scope, d.address, d.created_at, d.expires_at, d.interval_seconds,
        d.polled_at, d.answer, d.user_id, u.handle, d.approved_with
      from device_codes d
      left join users u on u.id = d.user_id
      """;

  private final Database database;
  private final JdbcClient jdbc;

  public JdbcDeviceCodes(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
  }

  @Override
  public Instant now() {
    return database.clock();
  }

  @Override
  public Open lockAndCount(String address) {
    List<AddressBlock> around = AddressBlock.around(address);
    String unused =
        jdbc.sql(
                """
                select pg_advisory_xact_lock(
                  hashtextextended(
                    concat_ws(' ', 'claviger device codes', current_schema()), 0))::text
                """)
            .query(String.class)
            .single();
    return jdbc.sql(
            """
            select
              count(*) filter (where address_block = :block) as of_address,
              count(*) filter (where coalesce(wide_block, address_block) = :wide) as of_wide,
              count(*) filter (where coalesce(site_block, address_block) = :site) as of_site,
              count(*) as in_all
            from device_codes
            where expires_at > statement_timestamp()
            """)
        .param("block", around.get(0).text())
        .param("wide", around.get(1).text())
        .param("site", around.get(2).text())
        .query(
            (rs, n) ->
                new Open(
                    rs.getInt("of_address"),
                    rs.getInt("of_wide"),
                    rs.getInt("of_site"),
                    rs.getInt("in_all")))
        .single();
  }

  @Override
  public int deleteOldestOfMostCrowded(int most) {
    return jdbc.sql(
            """
            with waiting as (
              select
                id, created_at, address_block, coalesce(wide_block, address_block) as wide,
                coalesce(site_block, address_block) as site
              from device_codes
              where answer is null and expires_at > statement_timestamp()),
            crowded_site as (
              select site from waiting
              group by site order by count(*) desc, min(created_at) limit 1),
            crowded_wide as (
              select wide from waiting join crowded_site using (site)
              group by wide order by count(*) desc, min(created_at) limit 1),
            crowded as (
              select address_block from waiting join crowded_wide using (wide)
              group by address_block order by count(*) desc, min(created_at) limit 1)
            delete from device_codes
            where answer is null and id in (
              select id from waiting join crowded using (address_block)
              order by created_at, id
              limit :most)
            """)
        .param("most", most)
        .update();
  }

  @Override
  public void insert(DeviceAuthorization device, TokenHash deviceCode) {
    List<AddressBlock> around = AddressBlock.around(device.address());
    Database.updateOne(
        jdbc.sql(
                """
                insert into device_codes (
                  id, device_code_hash, user_code, scope, address, address_block, wide_block,
                  site_block, created_at, expires_at, interval_seconds)
                values (
                  :id, :hash, :user_code, :scope, :address, :block, :wide, :site, :created_at,
                  :expires_at, :interval)
                """)
            .param("id", device.id())
            .param("hash", deviceCode.bytes())
            .param("user_code", device.userCode().letters())
            .param("scope", device.scope().wireName())
            .param("address", device.address())
            .param("block", around.get(0).text())
            .param("wide", around.get(1).text())
            .param("site", around.get(2).text())
            .param("created_at", Parameters.at(device.createdAt()))
            .param("expires_at", Parameters.at(device.expiresAt()))
            .param("interval", device.interval().toSeconds()));
  }

  @Override
  public Optional<DeviceAuthorization> find(TokenHash deviceCode) {
    return jdbc.sql(ROWS + "where d.device_code_hash = :hash")
        .param("hash", deviceCode.bytes())
        .query(DEVICE)
        .optional();
  }

  /**
   * Reads the row with a separate statement. A single statement that locks and joins would join the
   * users before it waits for the lock. So after the wait, such a statement would return the new
   * answer, but no user.
   */
  @Override
  public Optional<DeviceAuthorization> lock(TokenHash deviceCode) {
    Optional<UUID> unused =
        jdbc.sql("select id from device_codes where device_code_hash = :hash for update")
            .param("hash", deviceCode.bytes())
            .query(UUID.class)
            .optional();
    return find(deviceCode);
  }

  @Override
  public Optional<DeviceAuthorization> find(UserCode userCode) {
    return jdbc.sql(ROWS + "where d.user_code = :code")
        .param("code", userCode.letters())
        .query(DEVICE)
        .optional();
  }

  @Override
  public Optional<DeviceAuthorization> lock(UserCode userCode) {
    Optional<UUID> unused =
        jdbc.sql("select id from device_codes where user_code = :code for update")
            .param("code", userCode.letters())
            .query(UUID.class)
            .optional();
    return find(userCode);
  }

  @Override
  public void recordPoll(UUID id, Instant at, Duration interval) {
    Database.updateOne(
        jdbc.sql(
                """
                update device_codes set polled_at = :at, interval_seconds = :interval
                where id = :id
                """)
            .param("id", id)
            .param("at", Parameters.at(at))
            .param("interval", interval.toSeconds()));
  }

  @Override
  public void recordAnswer(UUID id, UserDecision answer) {
    Optional<AccessToken.Id> with =
        answer instanceof UserDecision.Approved approved ? approved.with() : Optional.empty();
    Database.updateOne(
        jdbc.sql(
                """
                update device_codes
                set answer = :answer, user_id = :user, approved_with = :approved_with
                where id = :id
                """)
            .param("id", id)
            .param("answer", answer instanceof UserDecision.Approved ? "approved" : "denied")
            .param("user", answer.user().value())
            .param("approved_with", Parameters.orNull(with, AccessToken.Id::value)));
  }

  @Override
  public void delete(UUID id) {
    Database.updateOne(jdbc.sql("delete from device_codes where id = :id").param("id", id));
  }

  @Override
  public int deleteExpired(Duration ago) {
    return jdbc.sql(
            """
            delete from device_codes
            where expires_at < statement_timestamp() - make_interval(secs => :seconds)
            """)
        .param("seconds", ago.toSeconds())
        .update();
  }

  private static DeviceAuthorization device(Row row) throws SQLException {
    return new DeviceAuthorization(
        row.uuid("id"),
        new UserCode(row.text("user_code")),
        row.constant("scope", TokenScope.class),
        row.text("address"),
        row.instant("created_at"),
        row.instant("expires_at"),
        Duration.ofSeconds(row.number("interval_seconds")),
        row.optionalInstant("polled_at"),
        answer(row));
  }

  private static Optional<UserDecision> answer(Row row) throws SQLException {
    if (!row.has("answer")) {
      return Optional.empty();
    }
    User.Id user = new User.Id(row.uuid("user_id"));
    Handle handle = new Handle(row.text("handle"));
    return Optional.of(
        row.text("answer").equals("approved")
            ? new UserDecision.Approved(
                user, handle, row.optionalUuid("approved_with").map(AccessToken.Id::new))
            : new UserDecision.Denied(user, handle));
  }
}
