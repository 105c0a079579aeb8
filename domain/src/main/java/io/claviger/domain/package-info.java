/**
 * The rules of Claviger: values, permissions and decisions. These rules do not depend on any
 * technology.
 */
package io.claviger.domain;
