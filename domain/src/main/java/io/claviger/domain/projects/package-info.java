/**
 * Projects are named uses of one instance. This package decides who may do what with a project, and
 * when a call through a project is allowed.
 */
package io.claviger.domain.projects;
