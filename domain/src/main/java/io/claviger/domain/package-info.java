/**
 * The rules of Claviger: values, permissions and decisions. They do not depend on any technology.
 */
package io.claviger.domain;
