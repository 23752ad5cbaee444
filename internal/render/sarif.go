package render

import "sendplan/internal/finding"

// sarifSchema is where the standard says that its schema is.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sarifDoc and the types below are the part of the SARIF object model that is
// used, named as in the standard.
type sarifDoc struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Artifacts   []sarifTarget     `json:"artifacts,omitempty"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID         finding.ID          `json:"id"`
	Short      sarifText           `json:"shortDescription"`
	Full       sarifText           `json:"fullDescription"`
	Help       sarifText           `json:"help"`
	Default    sarifConfiguration  `json:"defaultConfiguration"`
	Properties sarifRuleProperties `json:"properties"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

type sarifRuleProperties struct {
	Refs []string `json:"refs"`
}

type sarifInvocation struct {
	Successful bool                `json:"executionSuccessful"`
	ExitCode   int                 `json:"exitCode"`
	About      string              `json:"exitCodeDescription,omitempty"`
	Notes      []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

// sarifNotification is a question that was not answered.
type sarifNotification struct {
	Level   string       `json:"level"`
	Message sarifText    `json:"message"`
	Rule    sarifRuleRef `json:"associatedRule"`
}

type sarifRuleRef struct {
	ID    finding.ID `json:"id"`
	Index int        `json:"index"`
}

type sarifResult struct {
	RuleID       finding.ID        `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Kind         string            `json:"kind"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   sarifProperties   `json:"properties"`
}

type sarifProperties struct {
	Domain string   `json:"domain"` // that was checked
	Fix    string   `json:"fix,omitempty"`
	Refs   []string `json:"refs"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
	Context  *sarifRegion  `json:"contextRegion,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

// sarifTarget is a domain that was checked, with findings or without.
type sarifTarget struct {
	Location sarifArtifact `json:"location"`
	Roles    []string      `json:"roles"`
}

type sarifLogical struct {
	Name string `json:"name"`
	Full string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// sarifRegion counts characters; columns from 1, ends exclusive (SARIF §3.30).
type sarifRegion struct {
	Line      int       `json:"startLine"`
	Column    int       `json:"startColumn"`
	EndColumn int       `json:"endColumn"`
	Offset    int       `json:"charOffset"`
	Length    int       `json:"charLength"`
	Snippet   sarifText `json:"snippet"`
}
