package io.claviger.domain.objects;

/** The action that a call takes on a provider object. */
public enum ObjectAction {
  /** Refer to the object in a request, so that the provider uses it. */
  REFER,
  /** Read the object, its content or its parts. */
  READ,
  /** Add something to the object, such as a file or an item. */
  ADD,
  /** Delete, cancel or change the object. */
  DELETE
}
