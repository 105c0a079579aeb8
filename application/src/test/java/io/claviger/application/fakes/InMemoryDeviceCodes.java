package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.StoredDevice;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.UserCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** {@link DeviceCodeStore} in memory. */
public final class InMemoryDeviceCodes implements DeviceCodeStore {
  private final InMemoryTransactions transactions;
  private final InstantSource clock;

  public InMemoryDeviceCodes(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public Open lockAndCount(String address) {
    Instant now = now();
    return transactions.read(
        t -> {
          List<DeviceAuthorization> open =
              t.devices.values().stream()
                  .map(StoredDevice::device)
                  .filter(d -> !d.expiredAt(now))
                  .toList();
          List<List<AddressBlock>> all =
              open.stream().map(d -> AddressBlock.around(d.address())).toList();
          List<AddressBlock> own = AddressBlock.around(address);
          return new Open(count(all, own, 0), count(all, own, 1), count(all, own, 2), open.size());
        });
  }

  private static int count(List<List<AddressBlock>> all, List<AddressBlock> own, int level) {
    return (int) all.stream().filter(one -> one.get(level).equals(own.get(level))).count();
  }

  @Override
  public int deleteOldestOfMostCrowded(int most) {
    Instant now = now();
    return transactions.change(
        t -> {
          List<DeviceAuthorization> waiting =
              t.devices.values().stream()
                  .map(StoredDevice::device)
                  .filter(d -> !d.expiredAt(now) && d.answer().isEmpty())
                  .sorted(Comparator.comparing(DeviceAuthorization::createdAt))
                  .toList();
          Optional<AddressBlock> crowded =
              AddressBlock.toClose(waiting, d -> AddressBlock.around(d.address())).stream()
                  .findFirst()
                  .map(d -> AddressBlock.of(d.address()));
          List<DeviceAuthorization> oldest =
              waiting.stream()
                  .filter(d -> crowded.equals(Optional.of(AddressBlock.of(d.address()))))
                  .limit(most)
                  .toList();
          oldest.forEach(d -> t.devices.remove(d.id()));
          return oldest.size();
        });
  }

  @Override
  public void insert(DeviceAuthorization device, TokenHash deviceCode) {
    transactions.run(
        t -> {
          if (t.devices.values().stream()
              .anyMatch(
                  d ->
                      d.hash().equals(deviceCode)
                          || d.device().userCode().equals(device.userCode()))) {
            throw Tables.taken("the code");
          }
          t.devices.put(device.id(), new StoredDevice(device, deviceCode));
        });
  }

  @Override
  public Optional<DeviceAuthorization> find(TokenHash deviceCode) {
    return first(d -> d.hash().equals(deviceCode));
  }

  @Override
  public Optional<DeviceAuthorization> lock(TokenHash deviceCode) {
    return find(deviceCode);
  }

  @Override
  public Optional<DeviceAuthorization> find(UserCode userCode) {
    return first(d -> d.device().userCode().equals(userCode));
  }

  @Override
  public Optional<DeviceAuthorization> lock(UserCode userCode) {
    return find(userCode);
  }

  @Override
  public void recordPoll(UUID id, Instant at, Duration interval) {
    replace(id, d -> with(d, interval, Optional.of(at), d.answer()));
  }

  @Override
  public void recordAnswer(UUID id, DeviceAuthorization.UserDecision answer) {
    replace(id, d -> with(d, d.interval(), d.polledAt(), Optional.of(answer)));
  }

  @Override
  public void delete(UUID id) {
    transactions.run(t -> t.devices.remove(id));
  }

  @Override
  public int deleteExpired(Duration ago) {
    Instant before = now().minus(ago);
    return transactions.change(
        t -> {
          int all = t.devices.size();
          t.devices.values().removeIf(d -> d.device().expiresAt().isBefore(before));
          return all - t.devices.size();
        });
  }

  /** Deletes what a user has answered and returns how many there were. */
  int deleteOf(User.Id user) {
    return transactions.change(
        t -> {
          int all = t.devices.size();
          t.devices
              .values()
              .removeIf(d -> d.device().answer().filter(a -> a.user().equals(user)).isPresent());
          return all - t.devices.size();
        });
  }

  private Optional<DeviceAuthorization> first(Predicate<StoredDevice> which) {
    return transactions.read(
        t -> t.devices.values().stream().filter(which).map(StoredDevice::device).findFirst());
  }

  private void replace(UUID id, UnaryOperator<DeviceAuthorization> change) {
    transactions.run(
        t ->
            t.devices.computeIfPresent(
                id, (key, d) -> new StoredDevice(change.apply(d.device()), d.hash())));
  }

  private static DeviceAuthorization with(
      DeviceAuthorization device,
      Duration interval,
      Optional<Instant> polledAt,
      Optional<DeviceAuthorization.UserDecision> answer) {
    return new DeviceAuthorization(
        device.id(),
        device.userCode(),
        device.scope(),
        device.address(),
        device.createdAt(),
        device.expiresAt(),
        interval,
        polledAt,
        answer);
  }
}
