package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.StoredDevice;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.UserCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** {@link DeviceCodeStore} in memory. */
public final class InMemoryDeviceCodes implements DeviceCodeStore {
  private final InMemoryTransactions transactions;

  public InMemoryDeviceCodes(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Open lockAndCount(AddressBlock address, Instant now) {
    return transactions.read(
        t -> {
          List<DeviceAuthorization> open =
              t.devices.values().stream()
                  .map(StoredDevice::device)
                  .filter(d -> !d.expiredAt(now))
                  .toList();
          long ofAddress =
              open.stream().filter(d -> AddressBlock.of(d.address()).equals(address)).count();
          return new Open((int) ofAddress, open.size());
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
  public int deleteExpired(Instant before) {
    return transactions.change(
        t -> {
          int all = t.devices.size();
          t.devices.values().removeIf(d -> d.device().expiresAt().isBefore(before));
          return all - t.devices.size();
        });
  }

  /** Deletes what a user has answered and returns how many there were. */
  int deleteOf(UserId user) {
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
