/** The rules of Claviger: values, permissions and decisions, without any technology. */
@NullMarked
package io.claviger.domain;

import org.jspecify.annotations.NullMarked;
