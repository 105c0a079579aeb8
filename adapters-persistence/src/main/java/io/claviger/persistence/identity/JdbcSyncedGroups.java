package io.claviger.persistence.identity;

import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.SyncedMemberships;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link SyncedGroupStore} with the tables {@code groups} and {@code group_members}. */
public final class JdbcSyncedGroups implements SyncedGroupStore {
  private final JdbcClient jdbc;
  private final Ids ids;

  public JdbcSyncedGroups(Database database, Ids ids) {
    this.jdbc = database.jdbc();
    this.ids = ids;
  }

  @Override
  public List<String> replaceMemberships(
      User.Id user, Issuer issuer, List<String> values, Instant now) {
    Set<String> all = new TreeSet<>(values);
    Map<String, Handle> wanted = new TreeMap<>();
    all.forEach(
        value -> HandleNormalizer.exact(value).ifPresent(handle -> wanted.put(value, handle)));
    Set<String> known = known(issuer, wanted.keySet());
    Map<Handle, String> missing = new TreeMap<>();
    for (Map.Entry<String, Handle> one : wanted.entrySet()) {
      if (!known.contains(one.getKey())) {
        missing.putIfAbsent(one.getValue(), one.getKey());
      }
    }
    if (!missing.isEmpty()) {
      insert(issuer, missing, now);
      known = known(issuer, wanted.keySet());
    }
    leaveOthers(user, issuer, known);
    join(user, issuer, known, now);
    all.removeAll(known);
    return List.copyOf(all);
  }

  private Set<String> known(Issuer issuer, Set<String> values) {
    if (values.isEmpty()) {
      return Set.of();
    }
    return new HashSet<>(
        jdbc.sql(
                """
                select claim_value
                from groups
                where issuer = :issuer and claim_value = any (:values)
                """)
            .param("issuer", issuer.value())
            .param("values", values.toArray(String[]::new))
            .query(String.class)
            .list());
  }

  /**
   * Inserts groups in the order of their handles, so that two sign-ins that create the same groups
   * can't deadlock. Only one sign-in at a time inserts groups, because it has to count all groups.
   */
  private void insert(Issuer issuer, Map<Handle, String> missing, Instant now) {
    String unusedLock =
        jdbc.sql(
                """
                select pg_advisory_xact_lock(
                  hashtextextended(
                    concat_ws(' ', 'claviger synced groups', current_schema()), 0))::text
                """)
            .query(String.class)
            .single();
    Database.update(
        jdbc.sql(
                """
                insert into groups (
                  id, handle, display_name, kind, issuer, claim_value, version, created_at,
                  updated_at)
                select n.id, n.handle, left(n.value, 200), 'synced', :issuer, n.value, 1, :now, :now
                from unnest(cast(:ids as uuid[]), :handles, :values)
                  with ordinality as n (id, handle, value, position)
                where n.position
                  + (select count(*) from groups where issuer = :issuer) <= :most
                on conflict do nothing
                """)
            .param("issuer", issuer.value())
            .param("ids", Parameters.texts(missing.keySet(), handle -> ids.next().toString()))
            .param("handles", Parameters.texts(missing.keySet(), Handle::value))
            .param("values", missing.values().toArray(String[]::new))
            .param("most", MOST)
            .param("now", Parameters.at(now)));
  }

  /**
   * Ends the user's memberships in synced groups, except in the issuer's groups with the given
   * {@code values}. Also ends memberships in groups of an earlier identity provider. A membership
   * stays if an identity provider manages both the user and the group by SCIM.
   */
  private void leaveOthers(User.Id user, Issuer issuer, Set<String> values) {
    Database.update(
        jdbc.sql(
                """
                delete from group_members m
                using groups g
                where m.user_id = :user and g.id = m.group_id
                  and (g.issuer <> :issuer or g.claim_value <> all (:values))
                """
                    + SyncedMemberships.OF_IDENTITY)
            .param("user", user.value())
            .param("issuer", issuer.value())
            .param("values", values.toArray(String[]::new)));
  }

  private void join(User.Id user, Issuer issuer, Set<String> values, Instant now) {
    if (values.isEmpty()) {
      return;
    }
    Database.update(
        jdbc.sql(
                """
                insert into group_members (group_id, user_id, role, created_at)
                select g.id, :user, 'member', :now
                from groups g
                where g.issuer = :issuer and g.claim_value = any (:values)
                  and not exists (
                    select from group_members m where m.group_id = g.id and m.user_id = :user)
                order by g.id
                on conflict do nothing
                """)
            .param("user", user.value())
            .param("issuer", issuer.value())
            .param("values", values.toArray(String[]::new))
            .param("now", Parameters.at(now)));
  }
}
