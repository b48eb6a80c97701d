//! One page in a browser: how it is looked at, what it said, how it looks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Browser, LIMIT};
use crate::error::SandboxError;

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels; a picture of the whole page may be longer.
    pub height: u32,
    /// Pixels of a picture to one of CSS.
    pub scale: f64,
    /// What the reader's system prefers.
    pub scheme: Scheme,
    /// As on paper.
    pub print: bool,
}

/// `prefers-color-scheme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Default for View {
    fn default() -> Self {
        Self { width: 1200, height: 900, scale: 1.0, scheme: Scheme::Light, print: false }
    }
}

/// What the browser reported while a page was open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Console messages, uncaught exceptions and the browser's own complaints, refused requests included.
    pub console: Vec<String>,
    /// Addresses asked for, the page's own among them.
    pub requests: Vec<String>,
}

/// An open page.
#[derive(Debug)]
pub struct Page<'b> {
    browser: &'b mut Browser,
    session: String,
    target: String,
    said: Said,
}

impl<'b> Page<'b> {
    pub(super) fn open(browser: &'b mut Browser, url: &str, view: &View) -> Result<Self, SandboxError> {
        let made = browser.ask(None, "Target.createTarget", &json!({ "url": "about:blank" }))?;
        let target = words(&made["targetId"]);
        let given = json!({ "targetId": target, "flatten": true });
        let attached = browser.ask(None, "Target.attachToTarget", &given)?;
        let session = words(&attached["sessionId"]);
        let mut page = Self { browser, session, target, said: Said::default() };
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            page.ask(domain, &json!({}))?;
        }
        let scheme = if view.scheme == Scheme::Dark { "dark" } else { "light" };
        let size = json!({ "width": view.width, "height": view.height, "deviceScaleFactor": view.scale, "mobile": false });
        page.ask("Emulation.setDeviceMetricsOverride", &size)?;
        page.ask(
            "Emulation.setEmulatedMedia",
            &json!({
                "media": if view.print { "print" } else { "" },
                "features": [{ "name": "prefers-color-scheme", "value": scheme }],
            }),
        )?;
        page.browser.pipe.events();
        page.ask("Page.navigate", &json!({ "url": url }))?;
        page.browser.pipe.event("Page.loadEventFired", LIMIT)?;
        Ok(page)
    }

    /// The value of a JavaScript expression in the page, whatever the page's own policy forbids it.
    ///
    /// # Errors
    /// It throws; with its words.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value, SandboxError> {
        let given = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.ask("Runtime.evaluate", &given)?;
        match answer.get("exceptionDetails") {
            Some(thrown) => Err(SandboxError::Control {
                name: "chromium",
                action: "evaluate an expression".to_owned(),
                reason: thrown.to_string(),
            }),
            None => Ok(answer["result"]["value"].take()),
        }
    }

    /// A PNG of the page: the whole of it, or as much as the view is high.
    ///
    /// # Errors
    /// The browser cannot.
    pub fn screenshot(&mut self, whole: bool) -> Result<Vec<u8>, SandboxError> {
        let given = json!({ "format": "png", "captureBeyondViewport": whole });
        self.bytes("Page.captureScreenshot", &given)
    }

    /// The page on paper, as PDF.
    ///
    /// # Errors
    /// The browser cannot.
    pub fn pdf(&mut self) -> Result<Vec<u8>, SandboxError> {
        let given = json!({ "printBackground": true, "preferCSSPageSize": true, "paperWidth": 8.27, "paperHeight": 11.69 });
        self.bytes("Page.printToPDF", &given)
    }

    /// What the browser has reported so far.
    pub fn said(&mut self) -> &Said {
        for event in self.browser.pipe.events() {
            let given = &event["params"];
            let console = match event["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    self.said.requests.push(words(&given["request"]["url"]));
                    continue;
                }
                "Runtime.consoleAPICalled" => &given["args"],
                "Runtime.exceptionThrown" => &given["exceptionDetails"],
                "Log.entryAdded" => &given["entry"]["text"],
                _ => continue,
            };
            self.said.console.push(console.to_string());
        }
        &self.said
    }

    fn bytes(&mut self, method: &str, given: &Value) -> Result<Vec<u8>, SandboxError> {
        let answer = self.ask(method, given)?;
        STANDARD.decode(words(&answer["data"])).map_err(|error| SandboxError::Control {
            name: "chromium",
            action: method.to_owned(),
            reason: error.to_string(),
        })
    }

    fn ask(&mut self, method: &str, given: &Value) -> Result<Value, SandboxError> {
        self.browser.ask(Some(&self.session), method, given)
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        let target = json!({ "targetId": self.target });
        // A browser that has ended has closed it too.
        let _closed = self.browser.ask(None, "Target.closeTarget", &target);
    }
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
