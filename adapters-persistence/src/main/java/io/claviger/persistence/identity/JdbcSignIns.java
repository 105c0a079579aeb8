package io.claviger.persistence.identity;

import io.claviger.application.identity.port.SignInStore;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.Session;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link SignInStore} with the table {@code sign_ins}. */
public final class JdbcSignIns implements SignInStore {
  private static final int LONGEST_ORIGIN = 64;
  private static final int MAKING_ROOM = 100;
  private static final RowMapper<PendingSignIn> ATTEMPT =
      Row.mapper(
          row ->
              new PendingSignIn(
                  new TokenHash(row.bytes("state_hash")),
                  new TokenHash(row.bytes("binding_hash")),
                  ReturnPath.of(row.text("return_path")),
                  row.optionalUuid("session_id").map(Session.Id::new)));

  private final JdbcClient jdbc;

  public JdbcSignIns(Database database) {
    this.jdbc = database.jdbc();
  }

  /** Each concurrent request can exceed the limits by one, which does no harm. */
  @Override
  public boolean insert(PendingSignIn attempt, String address) {
    List<String> around =
        AddressBlock.around(address).stream()
            .map(AddressBlock::text)
            .map(text -> text.substring(0, Math.min(LONGEST_ORIGIN, text.length())))
            .toList();
    makeRoom();
    return jdbc.sql(
                """
                insert into sign_ins (
                  state_hash, binding_hash, return_path, session_id, origin, wide_origin,
                  site_origin, begun_at)
                select
                  :state, :binding, :return_path, cast(:session as uuid), :origin, :wide, :site,
                  clock_timestamp()
                where
                  (select count(*)
                  from (select from sign_ins where origin = :origin limit :most_of_origin) o)
                    < :most_of_origin
                  and (select count(*)
                  from (select from sign_ins where wide_origin = :wide limit :most_of_wide) w)
                    < :most_of_wide
                  and (select count(*)
                  from (select from sign_ins where site_origin = :site limit :most_of_site) s)
                    < :most_of_site
                """)
            .param("state", attempt.state().bytes())
            .param("binding", attempt.binding().bytes())
            .param("return_path", attempt.returnPath().value())
            .param("session", Parameters.orNull(attempt.session(), Session.Id::value))
            .param("origin", around.get(0))
            .param("wide", around.get(1))
            .param("site", around.get(2))
            .param("most_of_origin", MOST_OF_ORIGIN)
            .param("most_of_wide", MOST_OF_WIDE)
            .param("most_of_site", MOST_OF_SITE)
            .update()
        == 1;
  }

  /**
   * If there are too many pending sign-ins, removes several of them at once, so that not every
   * request has to search for pending sign-ins to remove.
   */
  private void makeRoom() {
    Database.update(
        jdbc.sql(
                """
                with waiting as (
                  select
                    state_hash, begun_at, origin, coalesce(wide_origin, origin) as wide,
                    coalesce(site_origin, origin) as site
                  from sign_ins
                  where (select count(*) from (select from sign_ins limit :most) a) >= :most),
                crowded_site as (
                  select site from waiting
                  group by site order by count(*) desc, min(begun_at) limit 1),
                crowded_wide as (
                  select wide from waiting join crowded_site using (site)
                  group by wide order by count(*) desc, min(begun_at) limit 1),
                crowded as (
                  select origin from waiting join crowded_wide using (wide)
                  group by origin order by count(*) desc, min(begun_at) limit 1)
                delete from sign_ins
                where state_hash in (
                  select state_hash from waiting join crowded using (origin)
                  order by begun_at
                  limit :making_room)
                """)
            .param("most", MOST)
            .param("making_room", MAKING_ROOM));
  }

  @Override
  public Optional<PendingSignIn> take(TokenHash state, TokenHash binding, Duration longest) {
    return jdbc.sql(
            """
            delete from sign_ins
            where state_hash = :state and binding_hash = :binding
              and begun_at >= statement_timestamp() - make_interval(secs => :seconds)
            returning state_hash, binding_hash, return_path, session_id
            """)
        .param("state", state.bytes())
        .param("binding", binding.bytes())
        .param("seconds", longest.toSeconds())
        .query(ATTEMPT)
        .optional();
  }

  @Override
  public int deleteOlderThan(Duration longest) {
    return jdbc.sql(
            """
            delete from sign_ins
            where begun_at < statement_timestamp() - make_interval(secs => :seconds)
            """)
        .param("seconds", longest.toSeconds())
        .update();
  }
}
