/**
 * The rules of Claviger: values, permissions and decisions. These rules do not depend on any
 * technology.
 */
@NullMarked
package io.claviger.domain;

import org.jspecify.annotations.NullMarked;
